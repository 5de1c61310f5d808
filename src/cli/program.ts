import { Command, Option } from "commander";

import { LIMIT_NAMES } from "../protocol/parameters.ts";
import { DEFAULT_RPC_URL, RPC_URL_VARIABLE } from "./defaults.ts";
import { EXIT_CODES, EXIT_MEANINGS } from "./exit-codes.ts";
import type { Surroundings } from "./surroundings.ts";

/** The function of a command. The parser has checked the words and the options as far as it can. */
export type Run<Options> = (
  surroundings: Surroundings,
  words: readonly (string | undefined)[],
  options: Options,
) => Promise<void>;

/** Options as the parser gives them; each command names those that it has. */
type Loader = () => Promise<Run<never>>;

const FROM_HELP =
  "a keystore's name, or an address; by default CANTILEVER_PRIVATE_KEY, the only keystore, or the node's";

/**
 * The commands, their options and examples. Whatever a command needs is loaded when it runs, so
 * that help and completion answer at once.
 */
export function buildProgram(surroundings: Surroundings): Command {
  const program = new Command("cantilever");
  program
    .description("Leveraged positions and lending on Cantilever markets.")
    .option("--rpc-url <url>", `the node; by default ${RPC_URL_VARIABLE}, or ${DEFAULT_RPC_URL}`)
    .option("--book <file>", "the address book; by default deployments/<chain id>.json")
    .option("--deployment <name>", "markets of this deployment alone")
    .option("--json", "results for programs: amounts in token units, prices and rates as the contracts scale them")
    .helpOption("-h, --help", "what a command does, with examples")
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .addHelpText("after", `\nExit codes:\n${exitCodes()}\n\nM is a market's symbol, name or address.`);

  const add = (parent: Command, usage: string, description: string, examples: readonly string[]): Command => {
    const command = parent.command(usage).description(description);
    const lines = examples.map((example) => `  $ cantilever ${example}`);
    if (lines.length > 0) command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
    return command;
  };
  const runs = (command: Command, load: Loader): Command =>
    command.action(async () => {
      const run = (await load()) as Run<unknown>;
      await run(surroundings, command.processedArgs as (string | undefined)[], command.optsWithGlobals());
    });

  addLooking(program, add, runs);
  addActing(program, add, runs);
  addGoverning(program, add, runs);
  addKeys(program, add, runs);
  return program;
}

type Add = (parent: Command, usage: string, description: string, examples: readonly string[]) => Command;
type Runs = (command: Command, load: Loader) => Command;

function addLooking(program: Command, add: Add, runs: Runs): void {
  program.commandsGroup("Look:");
  runs(
    add(program, "markets", "all markets of the address book", ["markets", "markets --json"]),
    async () => (await import("./commands/markets.ts")).markets,
  );
  runs(
    add(program, "market <M>", "one market: prices, rates, limits, room", ["market clUSDC-WETH"]),
    async () => (await import("./commands/market.ts")).market,
  );
  runs(
    add(program, "position [M] [account]", "a position; without M, those of the account in all markets", [
      "position",
      "position clUSDC-WETH 0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    ]).option("--from <who>", FROM_HELP),
    async () => (await import("./commands/position.ts")).position,
  );
  runs(
    add(program, "positions <M>", "the positions of a market, the riskiest first", [
      "positions clUSDC-WETH --riskiest 20",
    ]).option("--riskiest <count>", "how many", "20"),
    async () => (await import("./commands/positions.ts")).positions,
  );
  runs(
    add(program, "history <M> [account]", "what an account did, and its profit or loss", [
      "history clUSDC-WETH",
    ]).option("--from <who>", FROM_HELP),
    async () => (await import("./commands/history.ts")).history,
  );
  runs(
    add(program, "quote <M>", "what a position would cost, and what bounds its leverage", [
      "quote clUSDC-WETH --equity 10 --leverage 4",
    ])
      .requiredOption("--equity <amount>", "collateral tokens of one's own")
      .requiredOption("--leverage <x>", "the leverage to open at, like 4 or 3.5x")
      .option("--max-slippage <percent>", "the worst price is that much worse than the quoted one", "0.5%"),
    async () => (await import("./commands/quote.ts")).quote,
  );
  runs(
    add(program, "watch [M] [account]", "a position, live, until Ctrl-C", ["watch", "watch clUSDC-WETH --every 2"])
      .option("--from <who>", FROM_HELP)
      .option("--every <seconds>", "look for a new block that often", "1"),
    async () => (await import("./commands/watch.ts")).watch,
  );
  runs(
    add(program, "devnet", "a living chain on this machine: says how to install and start it", ["devnet"]),
    async () => (await import("./commands/devnet.ts")).devnet,
  );
}

function addActing(program: Command, add: Add, runs: Runs): void {
  program.commandsGroup("Act:");
  runs(
    trading(
      signing(
        add(program, "open <M>", "open a leveraged position in one call", [
          "open clUSDC-WETH --equity 10 --leverage 4",
          "open clUSDC-WETH --equity 10 --leverage 4 --from alice --max-slippage 0.3% --yes",
        ])
          .requiredOption("--equity <amount>", "collateral tokens of one's own")
          .requiredOption("--leverage <x>", "like 4 or 3.5x"),
      ),
    ),
    async () => (await import("./commands/trade.ts")).open,
  );
  runs(
    trading(
      signing(
        add(program, "leverage <M> <x>", "move a position up or down to that leverage", ["leverage clUSDC-WETH 3.5"]),
      ),
    ),
    async () => (await import("./commands/trade.ts")).leverage,
  );
  runs(
    trading(signing(add(program, "close <M>", "sell what pays the debt, keep the rest", ["close clUSDC-WETH"]))),
    async () => (await import("./commands/trade.ts")).close,
  );
  const amounts = [
    ["add", "<amount>", "add collateral", ["add clUSDC-WETH 2.5"]],
    [
      "withdraw",
      "<amount>",
      "take collateral out; `all` for everything",
      ["withdraw clUSDC-WETH 1", "withdraw clUSDC-WETH all"],
    ],
    ["borrow", "<amount>", "borrow loan tokens", ["borrow clUSDC-WETH 5000"]],
    [
      "repay",
      "<amount>",
      "repay debt; `all` leaves exactly nothing",
      ["repay clUSDC-WETH 5000", "repay clUSDC-WETH all"],
    ],
  ] as const;
  for (const [name, argument, description, examples] of amounts) {
    runs(
      signing(add(program, `${name} <M> ${argument}`, description, examples)),
      async () => (await import("./commands/adjust.ts"))[name],
    );
  }
  runs(
    signing(
      add(program, "lend <M> <amount>", "lend loan tokens; `all` for all that one has", ["lend clUSDC-WETH '100 000'"]),
    ).option("--no-permit", "approve by a transaction, also where the token takes a signature"),
    async () => (await import("./commands/lend.ts")).lend,
  );
  runs(
    signing(
      add(program, "redeem <M> <amount>", "take lent tokens back with their interest; `all` for everything", [
        "redeem clUSDC-WETH 5000",
        "redeem clUSDC-WETH all",
      ]),
    ),
    async () => (await import("./commands/lend.ts")).redeem,
  );
  runs(
    signing(
      add(program, "operator <M> <operator>", "let another account act for one's position, or no longer", [
        "operator clUSDC-WETH 0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "operator clUSDC-WETH 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --revoke",
      ]).option("--revoke", "no longer"),
    ),
    async () => (await import("./commands/operator.ts")).operator,
  );
  runs(
    signing(
      add(program, "liquidate <M> [accounts...]", "liquidate positions; by default the riskiest ones", [
        "liquidate clUSDC-WETH",
        "liquidate clUSDC-WETH --flash --from keeper",
        "liquidate clUSDC-WETH 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --max-payment '50 000'",
      ])
        .option("--max-payment <amount>", "most loan tokens to pay; by default all that it takes")
        .option("--flash", "through the FlashLiquidator, as its owner: it sells the collateral and pays from that")
        .option("--max-slippage <percent>", "with --flash: sell down to so much below the pool's price", "3%"),
    ),
    async () => (await import("./commands/liquidate.ts")).liquidate,
  );
  runs(
    signing(add(program, "poke <M>", "let the market's oracle guard take note of its sources", ["poke clUSDC-WETH"])),
    async () => (await import("./commands/upkeep.ts")).poke,
  );
  runs(
    signing(add(program, "align <M>", "trade the pool to the feed's price, and poke", ["align clUSDC-WETH"])),
    async () => (await import("./commands/upkeep.ts")).align,
  );
  runs(
    signing(
      add(program, "feed <M> <price>", "set the answer of a test feed, as its owner, and poke", [
        "feed clUSDC-WETH 1950",
        "feed clUSDC-WETH 1 --quote",
      ]).option("--quote", "the feed of the loan token; by default that of the collateral token"),
    ),
    async () => (await import("./commands/upkeep.ts")).feed,
  );
  runs(
    signing(
      add(program, "faucet <M>", "mint test tokens, enough to try the examples", [
        "faucet clUSDC-WETH",
        "faucet clUSDC-WETH --loan 1000 --collateral 0",
      ])
        .option("--loan <amount>", "loan tokens; by default 100000")
        .option("--collateral <amount>", "collateral tokens; by default 20")
        .option("--to <address>", "who gets them; by default the sender"),
    ),
    async () => (await import("./commands/faucet.ts")).faucet,
  );
}

function addGoverning(program: Command, add: Add, runs: Runs): void {
  program.commandsGroup("Govern:");
  const govern = add(program, "govern", "limits of a market: look, lower, raise; sources of its guard", [
    "govern clUSDC-WETH",
    "govern lower clUSDC-WETH debtCap '10 000 000' --from guardian",
    "govern schedule clUSDC-WETH supplyCap '200 000 000' --safe batch.json",
  ]);
  runs(
    govern
      .command("show <M>", { isDefault: true })
      .description("limits, pending changes and their times, roles, sources, scheduled operations"),
    async () => (await import("./commands/govern-show.ts")).showGovernance,
  );
  const governing = (usage: string, description: string, example: string): Command =>
    signing(add(govern, usage, description, [`govern ${example}`]));
  const limits = async () => import("./commands/govern-limits.ts");
  const WHICH_LIMIT = `\nlimit is ${LIMIT_NAMES.slice(0, -1).join(", ")} or ${LIMIT_NAMES.at(-1) ?? ""}.`;
  const WHICH_ROLE = "\nrole is primary or secondary.";
  runs(
    governing(
      "lower <M> <limit> <value>",
      "lower a limit at once",
      "lower clUSDC-WETH debtCap '10 000 000'",
    ).addHelpText("after", WHICH_LIMIT),
    async () => (await limits()).lower,
  );
  runs(
    governing(
      "schedule <M> <limit> <value>",
      "schedule a raise of a limit",
      "schedule clUSDC-WETH supplyCap '200 000 000'",
    ).addHelpText("after", WHICH_LIMIT),
    async () => (await limits()).schedule,
  );
  runs(
    governing(
      "apply <M> <limit>",
      "apply a raise whose delay has passed; anyone may",
      "apply clUSDC-WETH supplyCap",
    ).addHelpText("after", WHICH_LIMIT),
    async () => (await limits()).apply,
  );
  runs(
    governing("ramp <M> <x> <duration>", "let the liquidation limit fall over time", "ramp clUSDC-WETH 6.4 '7 days'"),
    async () => (await limits()).ramp,
  );
  const sources = async () => import("./commands/govern-sources.ts");
  runs(
    governing(
      "schedule-source <M> <role> <oracle>",
      "announce another source of the guard, primary or secondary",
      "schedule-source clUSDC-WETH primary $ORACLE",
    ).addHelpText("after", WHICH_ROLE),
    async () => (await sources()).scheduleSource,
  );
  runs(
    governing(
      "cancel-source <M> <role>",
      "withdraw an announced source",
      "cancel-source clUSDC-WETH primary",
    ).addHelpText("after", WHICH_ROLE),
    async () => (await sources()).cancelSource,
  );
  runs(
    governing(
      "apply-source <M> <role>",
      "put an announced source into place",
      "apply-source clUSDC-WETH primary",
    ).addHelpText("after", WHICH_ROLE),
    async () => (await sources()).applySource,
  );
  const operations = async () => import("./commands/govern-operations.ts");
  runs(
    governing(
      "schedule-call <M> <target> <data>",
      "schedule an operation in the AccessManager",
      "schedule-call clUSDC-WETH $MANAGER $DATA",
    ),
    async () => (await operations()).scheduleCall,
  );
  runs(
    governing(
      "execute-call <M> [operation]",
      "execute a scheduled operation; the beginning of its id suffices, none for the only one",
      "execute-call clUSDC-WETH",
    ),
    async () => (await operations()).executeCall,
  );
  runs(
    governing("cancel-call <M> [operation]", "cancel a scheduled operation, named likewise", "cancel-call clUSDC-WETH"),
    async () => (await operations()).cancelCall,
  );
}

function addKeys(program: Command, add: Add, runs: Runs): void {
  program.commandsGroup("Keys and the shell:");
  const keys = add(program, "keys", "encrypted keystores in the user's configuration folder", [
    "keys create alice",
    "keys import bob",
    "keys import carol --file UTC--2026-01-01--0123.json",
    "keys list",
  ]);
  const commands = async () => import("./commands/keys.ts");
  runs(keys.command("list").description("all keystores"), async () => (await commands()).list);
  runs(
    keys.command("create <name>").description("a new key, encrypted by a password"),
    async () => (await commands()).create,
  );
  runs(
    keys
      .command("import <name>")
      .description("a private key that one types unseen, or an encrypted JSON keystore")
      .option("--file <path>", "an encrypted JSON keystore"),
    async () => (await commands()).importKeys,
  );
  runs(
    keys.command("remove <name>").description("delete a keystore, and the key with it").option("--yes", "don't ask"),
    async () => (await commands()).remove,
  );
  runs(
    add(program, "completion <shell>", "a script that completes commands: bash, zsh or fish", [
      "completion bash > ~/.local/share/bash-completion/completions/cantilever",
      "completion zsh > ~/.zfunc/_cantilever",
      "completion fish > ~/.config/fish/completions/cantilever.fish",
    ]),
    async () => (await import("./commands/completion.ts")).completion,
  );
}

/** Options of everything that sends a transaction. */
function signing(command: Command): Command {
  return command
    .option("--from <who>", FROM_HELP)
    .option("--yes", "don't ask for confirmation")
    .addOption(new Option("--unsigned", "print the transactions as JSON for another signer").conflicts(["safe", "yes"]))
    .addOption(new Option("--safe <file>", "write a batch for a Safe's Transaction Builder").conflicts("yes"))
    .option("--approve-unlimited", "approve tokens without a bound, where an approval is needed")
    .option("--max-fee <gwei>", "never pay more per gas")
    .option("--timeout <seconds>", "for a transaction to be mined", "300");
}

/** Options of the commands that trade in a pool. */
function trading(command: Command): Command {
  return command
    .option("--max-slippage <percent>", "the worst price is that much worse than the quoted one", "0.5%")
    .option(
      "--valid-for <duration>",
      "the trade is refused in blocks later than that; by default 10m, and 3 days if signed elsewhere",
    )
    .option("--accept-price-impact", "trade also above 10% price impact, without typing the word");
}

function exitCodes(): string {
  return Object.entries(EXIT_CODES)
    .map(([name, code]) => `  ${String(code).padStart(3)}  ${EXIT_MEANINGS[name as keyof typeof EXIT_CODES]}`)
    .join("\n");
}
