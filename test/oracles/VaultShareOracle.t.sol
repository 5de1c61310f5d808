// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";

import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {MockOracle} from "../../contracts/mocks/MockOracle.sol";
import {VaultShareOracle} from "../../contracts/oracles/VaultShareOracle.sol";
import {Test} from "../utils/Test.sol";

/// @notice OpenZeppelin's vault: any donation raises its rate; it can lose assets, and stop
/// answering.
contract TestVault is ERC4626 {
    bool public isSilent;

    error Silent();

    constructor(IERC20 asset_) ERC4626(asset_) ERC20("Vault", "VLT") {}

    function lose(uint256 assets) external {
        IERC20(asset()).transfer(address(0xdead), assets);
    }

    function setSilent(bool isSilent_) external {
        isSilent = isSilent_;
    }

    function totalAssets() public view override returns (uint256) {
        if (isSilent) revert Silent();
        return super.totalAssets();
    }
}

/// @notice Shares with 18 decimals for an asset with 6.
contract FineShareVault is TestVault {
    constructor(IERC20 asset_) TestVault(asset_) {}

    function _decimalsOffset() internal pure override returns (uint8) {
        return 12;
    }
}

contract VaultShareOracleTest is Test {
    uint256 private constant PRICE = 2000e24;
    /// @dev Up by 0.5% a day, down by 12% an hour: 0.2% a minute.
    uint256 private constant RISE = 0.005e18;
    uint256 private constant FALL = 0.12e18;
    uint256 private constant VAULT_GAS = 200_000;

    MockERC20 private asset;
    TestVault private vault;
    MockOracle private assetOracle;
    VaultShareOracle private oracle;

    function setUp() public {
        vm.warp(1_700_000_000);
        asset = new MockERC20("Ether", "ETH", 18);
        vault = new TestVault(asset);
        asset.mint(address(this), 2_000e18);
        asset.approve(address(vault), type(uint256).max);
        vault.deposit(1_000e18, address(this));
        assetOracle = new MockOracle(PRICE);
        oracle = create(address(vault), RISE, FALL, VAULT_GAS);
    }

    function test_Prices_AreTheAssetsTimesTheRate() public {
        assertPrices(PRICE, PRICE);
        assetOracle.setPrices(1990e24, 2010e24);
        assertPrices(1990e24, 2010e24);
        assetOracle.setPrices(0, 2010e24);
        assertPrices(0, 2010e24);
        assetOracle.setPrices(2020e24, 2010e24);
        assertPrices(2020e24, 2020e24);
    }

    /// @dev A unit of such a share is worth 10^-12 units of its asset.
    function test_Prices_ScaleByTheDecimalsOfAssetAndShare() public {
        MockERC20 dollar = new MockERC20("Dollar", "USD", 6);
        FineShareVault fine = new FineShareVault(dollar);
        assertEq(fine.decimals(), 18);
        dollar.mint(address(this), 3_000e6);
        dollar.approve(address(fine), type(uint256).max);
        fine.deposit(1_000e6, address(this));
        dollar.transfer(address(fine), 1_000e6);
        // One dollar, in a loan token with six decimals; each share is worth two dollars.
        assetOracle.setPrice(1e36);
        oracle = create(address(fine), RISE, FALL, VAULT_GAS);
        (uint256 open, uint256 liquidation) = oracle.prices();
        assertEq(open, liquidation);
        assertApproxEqRel(open, 2e24, 1e10);
    }

    // Up

    function test_Rate_DonationMovesNothingAtOnce() public {
        asset.transfer(address(vault), 1_000e18);
        assertApproxEqRel(vault.convertToAssets(1e18), 2e18, 1e6);
        assertPrices(PRICE, PRICE);
        oracle.poke();
        assertPrices(PRICE, PRICE);
    }

    function testFuzz_Rate_DonationMovesNoMoreThanTheRise(uint256 amount, uint256 time, uint256 pokes) public {
        amount = bound(amount, 1, 1_000e18);
        time = bound(time, 0, 30 days);
        pokes = bound(pokes, 0, 5);
        asset.transfer(address(vault), amount);
        for (uint256 i = 0; i < pokes; ++i) oracle.poke();
        skipTime(time);
        (uint256 open, uint256 liquidation) = oracle.prices();
        uint256 counted = time > 1 days ? 1 days : time;
        assertLe(liquidation, PRICE + (PRICE * RISE * counted) / (1e18 * 1 days));
        assertLe(open, liquidation);
    }

    function test_Rate_YieldComesThroughInFull() public {
        uint256 expected = PRICE;
        for (uint256 i = 0; i < 10; ++i) {
            skipTime(1 days);
            asset.mint(address(vault), vault.totalAssets() / 1000);
            expected = (expected * 1001) / 1000;
            assertNear(expected, expected);
            oracle.poke();
        }
    }

    function test_Rate_RisesByADayAfterAQuietWeek() public {
        asset.transfer(address(vault), 1_000e18);
        skipTime(7 days);
        assertNear((PRICE * 1005) / 1000, (PRICE * 1005) / 1000);
    }

    /// @dev The rise is per poke: many pokes compound to just below `e^rise`, here 1.10517.
    function test_Rate_PokedOftenRisesByMoreThanTheRise() public {
        oracle = create(address(vault), 0.1e18, FALL, VAULT_GAS);
        asset.transfer(address(vault), 1_000e18);
        for (uint256 i = 0; i < 720; ++i) {
            skipTime(2 minutes);
            oracle.poke();
        }
        (, uint256 liquidation) = oracle.prices();
        assertGt(liquidation, (PRICE * 110_515) / 100_000);
        assertLt(liquidation, (PRICE * 110_517) / 100_000);
    }

    // Down

    function test_Rate_LossBoundsOpeningsAtOnceAndLiquidationsSlowly() public {
        vault.lose(100e18);
        assertNear((PRICE * 9) / 10, PRICE);
        oracle.poke();
        assertNear((PRICE * 9) / 10, PRICE);
        skipTime(5 minutes);
        assertNear((PRICE * 9) / 10, (PRICE * 99) / 100);
        for (uint256 i = 0; i < 12; ++i) {
            oracle.poke();
            skipTime(5 minutes);
        }
        assertNear((PRICE * 9) / 10, (PRICE * 9) / 10);
    }

    /// @dev A dip that one poke observes, or two pokes far apart, liquidates nobody.
    function test_Rate_DipDoesNotComeThrough() public {
        skipTime(7 days);
        vault.lose(500e18);
        oracle.poke();
        assertNear(PRICE / 2, PRICE);
        asset.transfer(address(vault), 500e18);
        skipTime(1 days);
        vault.lose(500e18);
        assertNear(PRICE / 2, PRICE);
        oracle.poke();
        assertNear(PRICE / 2, PRICE);
        asset.transfer(address(vault), 500e18);
        oracle.poke();
        assertNear(PRICE, PRICE);
        skipTime(5 minutes);
        vault.lose(500e18);
        assertNear(PRICE / 2, PRICE);
    }

    function test_Rate_PokesFarApartLowerNothing() public {
        vault.lose(500e18);
        for (uint256 i = 0; i < 5; ++i) {
            oracle.poke();
            skipTime(10 minutes + 1);
        }
        assertNear(PRICE / 2, PRICE);
    }

    /// @dev A known limit: a momentary dip that a poke observes every ten minutes counts as a
    /// lasting one; and the rate recovers as slowly as it rises. So a vault in which this is
    /// possible is unsuitable for this oracle.
    function test_Rate_MomentaryDipsTenMinutesApartLowerItForMonths() public {
        oracle = create(address(vault), 0.0005e18, FALL, VAULT_GAS);
        asset.mint(address(this), 2_000e18);
        for (uint256 i = 0; i < 4; ++i) {
            if (i != 0) skipTime(10 minutes);
            pokeInADip();
        }
        uint256 lowered = (PRICE * 98 ** 3) / 100 ** 3;
        assertApproxEqRel(lowered, (PRICE * 941) / 1000, 0.001e18, "5.9% less");
        assertNear(lowered, lowered);
        for (uint256 i = 1; i <= 122; ++i) {
            assertLt(lowered, PRICE);
            skipTime(1 days);
            oracle.poke();
            (, lowered) = oracle.prices();
        }
        assertNear(PRICE, PRICE);
    }

    /// @dev With another user's poke between any two of them, such dips have no effect.
    function test_Rate_MomentaryDipsWithAPokeBetweenLowerNothing() public {
        asset.mint(address(this), 10_000e18);
        for (uint256 i = 0; i < 20; ++i) {
            pokeInADip();
            skipTime(5 minutes);
            oracle.poke();
            skipTime(5 minutes);
        }
        assertNear(PRICE, PRICE);
    }

    /// @dev An attacker that shows dips more often than others poke loses only the time before each
    /// of their pokes: here one minute of five.
    function test_Rate_MomentaryDipsMoreOftenThanPokesStillLowerIt() public {
        asset.mint(address(this), 40_000e18);
        uint256 lowered = PRICE;
        pokeInADip();
        for (uint256 i = 1; i <= 60; ++i) {
            skipTime(1 minutes);
            if (i % 5 == 0) {
                oracle.poke();
                lowered += (lowered * RISE) / (1440 * 1e18);
            } else {
                lowered = (lowered * 998) / 1000;
            }
            pokeInADip();
        }
        (, uint256 liquidation) = oracle.prices();
        assertApproxEqRel(liquidation, lowered, 1e9);
        assertLt(liquidation, (PRICE * 91) / 100);
    }

    function test_Rate_FallsInATotalLossButNeverToZero() public {
        vault.lose(1_000e18);
        (uint256 before, , ) = oracle.rateState();
        for (uint256 i = 0; i < 100; ++i) {
            oracle.poke();
            skipTime(10 minutes);
        }
        (uint256 open, uint256 liquidation) = oracle.prices();
        // The virtual asset is left.
        assertLt(open, PRICE / 1e20);
        assertGt(liquidation, PRICE / 10);
        (uint256 rate, , ) = oracle.rateState();
        assertLt(rate, before / 5);
    }

    // Silence

    function test_Silence_OpensNothingAndLiquidatesAtTheKeptRate() public {
        vault.setSilent(true);
        assertPrices(0, PRICE);
        for (uint256 i = 0; i < 10; ++i) {
            oracle.poke();
            skipTime(10 minutes);
        }
        assertPrices(0, PRICE);
        vault.setSilent(false);
        assertPrices(PRICE, PRICE);
    }

    /// @dev An attacker that can silence a vault for the duration of a call, and pokes in it,
    /// doesn't delay a loss.
    function test_Silence_PokesChangeNothing() public {
        vault.lose(100e18);
        for (uint256 i = 0; i < 12; ++i) {
            oracle.poke();
            (uint256 rate, uint256 lastPoke, ) = oracle.rateState();
            skipTime(2 minutes);
            pokeInSilence();
            (uint256 rateAfter, uint256 lastPokeAfter, bool wasBelow) = oracle.rateState();
            assertEq(rateAfter, rate);
            assertEq(lastPokeAfter, lastPoke);
            assertTrue(wasBelow);
            skipTime(3 minutes);
        }
        assertNear((PRICE * 9) / 10, (PRICE * 9) / 10);
    }

    /// @dev Nor does silence count as a low rate, or suppress the yield.
    function test_Silence_PokesCountNeitherAsLowNorAsTime() public {
        pokeInSilence();
        vault.lose(100e18);
        skipTime(10 minutes);
        assertNear((PRICE * 9) / 10, PRICE);
        asset.transfer(address(vault), 200e18);
        skipTime(1 days);
        pokeInSilence();
        assertNear((PRICE * 1005) / 1000, (PRICE * 1005) / 1000);
    }

    // Always

    function testFuzz_Prices_OpenIsNeverAboveLiquidationAndAPokeChangesNoAnswer(uint256 seed) public {
        for (uint256 i = 0; i < 10; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            if (random % 3 == 0) asset.mint(address(vault), random % 1_000e18);
            if (random % 3 == 1) vault.lose(bound(random, 0, vault.totalAssets() / 2));
            vault.setSilent(random % 7 == 0);
            skipTime((random >> 8) % 15 minutes);
            (uint256 open, uint256 liquidation) = oracle.prices();
            assertLe(open, liquidation);
            vault.setSilent(random % 7 == 0);
            oracle.poke();
            assertPrices(open, liquidation);
            vault.setSilent(false);
        }
    }

    function test_Constructor_RevertWhen_AParameterIsOutOfRange() public {
        bytes4 selector = VaultShareOracle.InvalidParameter.selector;
        expectError(0, FALL, VAULT_GAS, abi.encodeWithSelector(selector, "rise", 0));
        expectError(0.1e18 + 1, FALL, VAULT_GAS, abi.encodeWithSelector(selector, "rise", 0.1e18 + 1));
        expectError(RISE, 0, VAULT_GAS, abi.encodeWithSelector(selector, "fall", 0));
        expectError(RISE, 1e18 + 1, VAULT_GAS, abi.encodeWithSelector(selector, "fall", 1e18 + 1));
        expectError(RISE, FALL, 0, abi.encodeWithSelector(selector, "vaultGas", 0));
        expectError(RISE, FALL, 5_000_001, abi.encodeWithSelector(selector, "vaultGas", 5_000_001));
    }

    function test_Constructor_RevertWhen_TheVaultReportsNoRate() public {
        // One asset unit, the virtual one, for 10^45 share units: a sample of 10^27 is worth zero.
        TestVault lost = new TestVault(asset);
        asset.mint(address(this), 1e45);
        asset.approve(address(lost), 1e45);
        lost.deposit(1e45, address(this));
        lost.lose(1e45);
        vm.expectRevert(abi.encodeWithSelector(VaultShareOracle.NoRate.selector, lost));
        this.create(address(lost), RISE, FALL, VAULT_GAS);
    }

    function create(address vault_, uint256 rise, uint256 fall, uint256 gas_) public returns (VaultShareOracle) {
        bytes memory arguments = abi.encode(vault_, assetOracle, rise, fall, gas_);
        return VaultShareOracle(deployCode("VaultShareOracle.sol:VaultShareOracle", arguments));
    }

    function expectError(uint256 rise, uint256 fall, uint256 gas_, bytes memory reason) private {
        vm.expectRevert(reason);
        this.create(address(vault), rise, fall, gas_);
    }

    /// @dev Half of the assets leave the vault for the duration of a poke: one transaction of an
    /// attacker that can do so.
    function pokeInADip() private {
        vault.lose(500e18);
        oracle.poke();
        asset.transfer(address(vault), 500e18);
    }

    function pokeInSilence() private {
        vault.setSilent(true);
        oracle.poke();
        vault.setSilent(false);
    }

    /// @dev The vault's virtual share and asset change its rate by a part in 10^21.
    function assertNear(uint256 open, uint256 liquidation) private view {
        (uint256 actualOpen, uint256 actualLiquidation) = oracle.prices();
        assertApproxEqRel(actualOpen, open, 1e9, "open price");
        assertApproxEqRel(actualLiquidation, liquidation, 1e9, "liquidation price");
    }

    function assertPrices(uint256 open, uint256 liquidation) private view {
        (uint256 actualOpen, uint256 actualLiquidation) = oracle.prices();
        assertEq(actualOpen, open, "open price");
        assertEq(actualLiquidation, liquidation, "liquidation price");
    }
}
