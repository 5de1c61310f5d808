// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IUniswapV3MintCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3MintCallback.sol";
import {IUniswapV3Factory} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Factory.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";

import {ILeverageMarket} from "../interfaces/ILeverageMarket.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {TestnetOnly} from "./TestnetOnly.sol";

/// @title TestLiquidity
/// @notice The initial stock of a test market: liquidity of its pool, loan tokens to borrow, and
/// collateral without debt, which leaves room under the system leverage cap for the first
/// borrowers. All tokens come from this contract, which keeps the positions for good: no function
/// withdraws anything.
/// @dev Each function works once, and for the deployer only. So nobody else decides where the
/// tokens go, and after both calls the deployer can't either.
contract TestLiquidity is IUniswapV3MintCallback, TestnetOnly {
    using SafeERC20 for IERC20;

    /// @dev Uniswap's largest tick, a price of 2^128.
    int24 private constant MAX_TICK = 887_272;

    /// @dev The square root of an existing pool's price may differ by one part in so many: the
    /// price by 0.2%.
    uint256 private constant TOLERANCE = 1_000;

    /// @notice The account that may call each function once.
    address public immutable deployer;

    /// @notice The pool that this contract has filled; zero before.
    IUniswapV3Pool public pool;

    /// @notice Time at which the pool was filled, Unix seconds. Its mean price is meaningful from
    /// then on.
    uint64 public filledAt;

    /// @notice The market that this contract has filled; zero before.
    ILeverageMarket public market;

    /// @notice Thrown when the caller is not the deployer.
    /// @param caller The caller.
    error NotDeployer(address caller);

    /// @notice Thrown when a function is called a second time.
    /// @param filled The pool or the market of the first call.
    error AlreadyFilled(address filled);

    /// @notice Thrown when somebody has initialized the pool at another price.
    /// @param pool The pool.
    /// @param sqrtPriceX96 Its price, as the pool's sqrtPriceX96.
    /// @param expected The oracle's price, likewise.
    error PoolAtAnotherPrice(IUniswapV3Pool pool, uint256 sqrtPriceX96, uint256 expected);

    /// @notice Thrown when a payment is asked for by another address than the pool.
    /// @param actual The other address.
    error UnexpectedPool(address actual);

    modifier onlyDeployer() {
        if (msg.sender != deployer) revert NotDeployer(msg.sender);
        _;
    }

    /// @param deployer_ The account that may call each function once.
    constructor(address deployer_) {
        deployer = deployer_;
    }

    /// @notice Creates and initializes a pool at the oracle's price, unless somebody has already,
    /// and adds liquidity over the whole price range, in one transaction. Only the deployer, once.
    /// Errors: {NotDeployer}, {AlreadyFilled}, {PoolAtAnotherPrice}.
    /// @param factory The Uniswap v3 factory.
    /// @param loanToken Loan token of the market.
    /// @param collateralToken Collateral token of the market.
    /// @param fee Fee tier, hundredths of a basis point.
    /// @param oracle Its liquidation price becomes the price of the pool.
    /// @param collateral Collateral token units to add, rounded down with the liquidity, and loan
    /// tokens of the same value.
    function fillPool(
        IUniswapV3Factory factory,
        IERC20 loanToken,
        IERC20 collateralToken,
        uint24 fee,
        IPriceOracle oracle,
        uint256 collateral
    ) external onlyDeployer {
        if (address(pool) != address(0)) revert AlreadyFilled(address(pool));
        address found = factory.getPool(address(loanToken), address(collateralToken), fee);
        if (found == address(0)) found = factory.createPool(address(loanToken), address(collateralToken), fee);
        IUniswapV3Pool pool_ = IUniswapV3Pool(found);
        (pool, filledAt) = (pool_, uint64(block.timestamp));

        bool collateralIsToken0 = address(collateralToken) < address(loanToken);
        (, uint256 price) = oracle.prices();
        uint256 expected = _sqrtPriceX96(price, collateralIsToken0);
        (uint160 sqrtPriceX96, , , , , , ) = pool_.slot0();
        if (sqrtPriceX96 == 0) {
            sqrtPriceX96 = uint160(expected);
            pool_.initialize(sqrtPriceX96);
        } else if (_distance(sqrtPriceX96, expected) * TOLERANCE > expected) {
            revert PoolAtAnotherPrice(pool_, sqrtPriceX96, expected);
        }

        // Over the whole range the amounts are `liquidity / sqrtPrice` and `liquidity * sqrtPrice`,
        // within a negligible error.
        uint256 liquidity =
            collateralIsToken0
                ? Math.mulDiv(collateral, sqrtPriceX96, 1 << 96)
                : Math.mulDiv(collateral, 1 << 96, sqrtPriceX96);
        int24 spacing = pool_.tickSpacing();
        int24 end = (MAX_TICK / spacing) * spacing;
        pool_.mint(address(this), -end, end, uint128(liquidity), "");
    }

    /// @notice Deposits loan tokens of this contract, and supplies collateral to a position of its
    /// own, without debt. Only the deployer, once. Errors: {NotDeployer}, {AlreadyFilled}.
    /// @param market_ The market.
    /// @param assets Loan token units; zero for none.
    /// @param collateral Collateral token units; zero for none.
    function fillMarket(ILeverageMarket market_, uint256 assets, uint256 collateral) external onlyDeployer {
        if (address(market) != address(0)) revert AlreadyFilled(address(market));
        market = market_;
        if (assets != 0) {
            IERC20(market_.asset()).forceApprove(address(market_), assets);
            market_.deposit(assets, address(this));
        }
        if (collateral != 0) {
            IERC20(market_.collateralToken()).forceApprove(address(market_), collateral);
            market_.supplyCollateral(collateral, address(this));
        }
    }

    /// @inheritdoc IUniswapV3MintCallback
    /// @dev A pool calls back only the account that mints in it, and this contract does so once.
    /// @param amount0 Units of the pool's token0 to pay.
    /// @param amount1 Units of the pool's token1 to pay.
    function uniswapV3MintCallback(uint256 amount0, uint256 amount1, bytes calldata) external {
        if (msg.sender != address(pool)) revert UnexpectedPool(msg.sender);
        IERC20(pool.token0()).safeTransfer(msg.sender, amount0);
        IERC20(pool.token1()).safeTransfer(msg.sender, amount1);
    }

    /// @dev A price of `IPriceOracle` as a pool's sqrtPriceX96, rounded down.
    function _sqrtPriceX96(uint256 price, bool collateralIsToken0) private pure returns (uint256) {
        return Math.sqrt(collateralIsToken0 ? Math.mulDiv(price, 1 << 192, 1e36) : Math.mulDiv(1e36, 1 << 192, price));
    }

    function _distance(uint256 one, uint256 other) private pure returns (uint256) {
        return one < other ? other - one : one - other;
    }
}
