/** Gas of whole transactions, by their names in the table of docs/gas.md. */
export type GasFigures = Readonly<Record<string, number>>;

/** Maximum gas of each action. */
export const GAS_LIMITS: GasFigures = {
  supply: 78_500,
  withdraw: 77_000,
  supplyCollateral: 54_150,
  withdrawCollateral: 75_000,
  borrow: 80_000,
  repay: 70_000,
  liquidate: 105_000,
  liquidateMarginal: 12_500,
  flashLoan: 46_000,
  accrue: 42_000,
  openLeverage5x: 138_000,
  closeLeverage5x: 106_000,
  guardBorrow: 146_000,
  guardLiquidate: 171_000,
  // The best peer's 168,619, plus the cost of the same feeds without a guard.
  guardOpenLeverage5x: 201_300,
  guardCloseLeverage5x: 97_000,
  guardPoke: 98_500,
  feedsOpenLeverage5x: 169_000,
  // guardOpenLeverage5x minus feedsOpenLeverage5x: the cost of guard and pool in an opening.
  guardAndPool: 33_800,
};

/**
 * Checks measured figures: each action must have a limit, a figure in the snapshot and a
 * measurement; the measurement must equal the snapshot and be within the limit.
 * @returns one sentence per problem; empty if there is none.
 */
export function gasProblems(measured: GasFigures, snapshot: GasFigures, limits: GasFigures): readonly string[] {
  const names = new Set([...Object.keys(limits), ...Object.keys(snapshot), ...Object.keys(measured)]);
  return [...names].flatMap((name) => {
    const [gas, known, limit] = [measured[name], snapshot[name], limits[name]];
    if (gas === undefined) return [`${name} was not measured.`];
    const problems: string[] = [];
    if (limit === undefined) problems.push(`${name} has no limit.`);
    else if (gas > limit) problems.push(`${name} costs ${gas}, above its limit of ${limit}.`);
    if (known === undefined) problems.push(`${name} is not in the snapshot.`);
    else if (gas !== known) problems.push(`${name} costs ${gas}, but ${known} in the snapshot.`);
    return problems;
  });
}
