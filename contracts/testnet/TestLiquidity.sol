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
/// @notice What a test market begins with: the liquidity of its pool, something to borrow, and collateral without debt, below
/// whose leverage the first borrowers find room under the system's cap; all from tokens that this contract was given. It holds
/// them for good: no function takes anything out, whoever calls it.
/// @dev Each function works once, and for the deployer only: so nobody else chooses where the tokens go, and once both have
/// been called neither can the deployer.
contract TestLiquidity is IUniswapV3MintCallback, TestnetOnly {
    using SafeERC20 for IERC20;

    /// @dev Uniswap's greatest tick: the price 2^128.
    int24 private constant MAX_TICK = 887_272;

    /// @dev A pool that exists already may be off by a part in so many of the square root of the price: by 0.2% of the price.
    uint256 private constant TOLERANCE = 1_000;

    /// @notice Who may call each function once.
    address public immutable deployer;

    /// @notice The pool that has been filled; zero before.
    IUniswapV3Pool public pool;

    /// @notice When it was filled, Unix seconds: from then on it has a price that means something.
    uint64 public filledAt;

    /// @notice The market that has been filled; zero before.
    ILeverageMarket public market;

    /// @notice The caller isn't the deployer.
    error NotDeployer(address caller);
    /// @notice It has been done, and isn't done twice.
    error AlreadyFilled(address filled);
    /// @notice Somebody has initialized the pool at another price; square roots times 2^96, as the pool counts.
    error PoolAtAnotherPrice(IUniswapV3Pool pool, uint256 sqrtPriceX96, uint256 expected);
    /// @notice A payment is asked for by someone other than the pool that is being filled.
    error UnexpectedPool(address actual);

    modifier onlyDeployer() {
        if (msg.sender != deployer) revert NotDeployer(msg.sender);
        _;
    }

    constructor(address deployer_) {
        deployer = deployer_;
    }

    /// @notice Creates and initializes a pool at the oracle's price, as far as nobody else has, and adds liquidity over the
    /// whole range of prices. All in one transaction: no state in between can be used by others. The deployer only, once.
    /// @param fee Fee tier, hundredths of a basis point.
    /// @param oracle Its liquidation price is the price of the pool.
    /// @param collateral Units of the collateral token to put in, rounded down by as much as the liquidity is rounded; and as
    /// many loan tokens as they are worth.
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

        // Over the whole range the tokens are `liquidity / sqrtPrice` and `liquidity * sqrtPrice`, less next to nothing.
        uint256 liquidity =
            collateralIsToken0
                ? Math.mulDiv(collateral, sqrtPriceX96, 1 << 96)
                : Math.mulDiv(collateral, 1 << 96, sqrtPriceX96);
        int24 spacing = pool_.tickSpacing();
        int24 end = (MAX_TICK / spacing) * spacing;
        pool_.mint(address(this), -end, end, uint128(liquidity), "");
    }

    /// @notice Lends tokens of this contract, and supplies collateral to a position of its own, without debt. The deployer only,
    /// once.
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
    /// @dev A pool calls back only whoever mints in it, and this contract does so once.
    function uniswapV3MintCallback(uint256 amount0, uint256 amount1, bytes calldata) external {
        if (msg.sender != address(pool)) revert UnexpectedPool(msg.sender);
        IERC20(pool.token0()).safeTransfer(msg.sender, amount0);
        IERC20(pool.token1()).safeTransfer(msg.sender, amount1);
    }

    /// @dev A price of `IPriceOracle` as a pool counts it, rounded down.
    function _sqrtPriceX96(uint256 price, bool collateralIsToken0) private pure returns (uint256) {
        return Math.sqrt(collateralIsToken0 ? Math.mulDiv(price, 1 << 192, 1e36) : Math.mulDiv(1e36, 1 << 192, price));
    }

    function _distance(uint256 one, uint256 other) private pure returns (uint256) {
        return one < other ? other - one : one - other;
    }
}
