// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ILeverageMarket} from "../../contracts/interfaces/ILeverageMarket.sol";
import {SharesMath} from "../../contracts/libraries/SharesMath.sol";
import {IMarket} from "../support/IMarket.sol";
import {MarketTest} from "../support/MarketTest.sol";
import {Vm} from "../utils/Vm.sol";

contract LenderVaultTest is MarketTest {
    uint256 private constant LENT = 10_000_000e6;
    uint256 private constant BORROWED = 3_500_000e6;

    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    // ------------------------------------------------------------------ metadata

    function test_Metadata() public view {
        assertEq(metadata("name()"), "Cantilever COLL/LOAN");
        assertEq(metadata("symbol()"), "cvLOAN");
        assertEq(uint256(market.decimals()), 12);
        assertEq(market.asset(), address(loan));
    }

    // ------------------------------------------------------------------ an empty market

    function test_EmptyMarketHasAMillionSharesPerUnit() public {
        IMarket empty = newMarket("empty");
        assertEq(empty.totalAssets(), 0);
        assertEq(empty.totalSupply(), 0);
        assertEq(empty.convertToShares(1), 1e6);
        assertEq(empty.convertToAssets(1e6), 1);
        assertEq(empty.convertToAssets(1e6 - 1), 0);
        assertEq(empty.previewMint(1), 1);
        assertEq(empty.previewMint(1e6 + 1), 2);
        assertEq(empty.previewWithdraw(1), 1e6);
        assertEq(empty.maxWithdraw(lender), 0);
        assertEq(empty.maxRedeem(lender), 0);
    }

    function test_FirstDeposit() public view {
        assertEq(market.balanceOf(lender), LENT * 1e6);
        assertEq(market.totalSupply(), LENT * 1e6);
        assertEq(market.totalAssets(), LENT);
        assertEq(market.convertToAssets(1e12), 1e6);
    }

    function test_DonationChangesNothing() public {
        uint256 shares = market.convertToShares(1e6);
        loan.mint(address(market), 1_000_000e6);
        collateral.mint(address(market), 1_000e18);
        assertEq(market.totalAssets(), LENT);
        assertEq(market.convertToShares(1e6), shares);
        (uint256 cash, uint256 debtShares, uint256 posted) = market.totals();
        assertEq(cash, LENT);
        assertEq(debtShares, 0);
        assertEq(posted, 0);
        assertEq(market.maxFlashLoan(address(loan)), LENT);
    }

    /// @dev The classic robbery: a deposit of one unit, a donation, and the victim's deposit rounds to nothing.
    function testFuzz_FirstDepositorCannotBeRobbed(uint256 first, uint256 donation, uint256 victims) public {
        first = bound(first, 1, 1_000e6);
        donation = bound(donation, 0, 1e30);
        victims = bound(victims, 1, 1e15);
        IMarket empty = newMarket("empty");
        deposit(empty, alice, first);
        loan.mint(address(empty), donation);
        uint256 shares = deposit(empty, bob, victims);
        assertEq(shares, victims * 1e6);
        vm.prank(bob);
        assertEq(empty.redeem(shares, bob, bob), victims);
    }

    /// @dev Neither by way of what the books know: rounding in repayments feeds the pool by less than a unit each.
    function test_FirstDepositorCannotBeRobbedByRounding() public {
        IMarket empty = newMarket("empty");
        deposit(empty, alice, 1_000e6);
        collateral.mint(bob, 10e18);
        loan.mint(bob, 1e6);
        vm.startPrank(bob);
        collateral.approve(address(empty), 10e18);
        loan.approve(address(empty), type(uint256).max);
        empty.supplyCollateral(10e18, bob);
        empty.borrow(1_000e6, bob, bob);
        vm.stopPrank();
        skipTime(1 days);
        for (uint256 i = 0; i < 50; ++i) {
            vm.prank(bob);
            empty.repay(2, bob);
        }
        vm.prank(bob);
        empty.repay(500e6, bob);
        uint256 shares = deposit(empty, liquidator, 1e6);
        vm.prank(liquidator);
        assertGe(empty.redeem(shares, liquidator, liquidator), 1e6 - 1);
    }

    function testFuzz_EmptyMarketRoundsInItsFavour(uint256 shares) public {
        shares = bound(shares, 1, 1e18);
        IMarket empty = newMarket("empty");
        loan.mint(alice, 1e18);
        vm.startPrank(alice);
        loan.approve(address(empty), type(uint256).max);
        uint256 paid = empty.mint(shares, alice);
        uint256 received = empty.redeem(shares, alice, alice);
        vm.stopPrank();
        assertEq(paid, (shares + 1e6 - 1) / 1e6);
        assertLe(received, paid);
        assertGe(received + 1, paid);
    }

    // ------------------------------------------------------------------ entering and leaving

    function test_DepositMovesTokensAndEmits() public {
        fund(bob, 0, 5e6);
        vm.expectEmit(address(market));
        emit IERC20.Transfer(address(0), alice, 5e12);
        vm.expectEmit(address(market));
        emit IERC4626.Deposit(bob, alice, 5e6, 5e12);
        vm.prank(bob);
        assertEq(market.deposit(5e6, alice), 5e12);
        assertEq(market.balanceOf(alice), 5e12);
        assertEq(market.balanceOf(bob), 0);
        assertEq(loan.balanceOf(bob), 0);
        assertEq(loan.balanceOf(address(market)), LENT + 5e6);
    }

    function test_WithdrawMovesTokensAndEmits() public {
        vm.expectEmit(address(market));
        emit IERC20.Transfer(lender, address(0), 5e12);
        vm.expectEmit(address(market));
        emit IERC4626.Withdraw(lender, bob, lender, 5e6, 5e12);
        vm.prank(lender);
        assertEq(market.withdraw(5e6, bob, lender), 5e12);
        assertEq(loan.balanceOf(bob), 5e6);
        assertEq(market.balanceOf(lender), LENT * 1e6 - 5e12);
        assertEq(market.balanceOf(address(0)), 0);
    }

    function test_NothingMovesNothing() public {
        vm.startPrank(lender);
        assertEq(market.deposit(0, lender), 0);
        assertEq(market.mint(0, lender), 0);
        assertEq(market.withdraw(0, lender, lender), 0);
        assertEq(market.redeem(0, lender, lender), 0);
        vm.stopPrank();
        assertEq(market.totalAssets(), LENT);
        assertEq(market.totalSupply(), LENT * 1e6);
    }

    function test_AnApprovedAccountWithdrawsForTheOwner() public {
        vm.prank(lender);
        market.approve(bob, 7e12);
        vm.prank(bob);
        market.withdraw(5e6, bob, lender);
        assertEq(market.allowance(lender, bob), 2e12);
        vm.prank(bob);
        market.redeem(2e12, bob, lender);
        assertEq(market.allowance(lender, bob), 0);
        assertEq(loan.balanceOf(bob), 7e6);
    }

    function test_RevertWhen_WithdrawingForAnotherWithoutAllowance() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, bob, 0, 5e12));
        vm.prank(bob);
        market.withdraw(5e6, bob, lender);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, bob, 0, 1));
        vm.prank(bob);
        market.redeem(1, bob, lender);
    }

    function test_RevertWhen_TheReceiverIsZeroOrTheMarket() public {
        address[2] memory receivers = [address(0), address(market)];
        for (uint256 i = 0; i < receivers.length; ++i) {
            bytes memory reason = abi.encodeWithSelector(ILeverageMarket.InvalidReceiver.selector, receivers[i]);
            vm.expectRevert(reason);
            vm.prank(lender);
            market.withdraw(1e6, receivers[i], lender);
            vm.expectRevert(reason);
            vm.prank(lender);
            market.redeem(1e12, receivers[i], lender);
        }
        fund(bob, 0, 2e6);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, address(0)));
        vm.prank(bob);
        market.deposit(1e6, address(0));
    }

    function test_RevertWhen_LeavingWithMoreThanOneHas() public {
        lend(bob, 1e6);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, bob, 1e12, 2e12));
        vm.prank(bob);
        market.withdraw(2e6, bob, bob);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, bob, 1e12, 1e12 + 1));
        vm.prank(bob);
        market.redeem(1e12 + 1, bob, bob);
    }

    function test_RevertWhen_TheTokensCannotBePulled() public {
        loan.mint(bob, 5e6);
        vm.prank(bob);
        loan.approve(address(market), 1e6);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(market), 1e6, 5e6)
        );
        vm.prank(bob);
        market.deposit(5e6, bob);
    }

    /// @dev After decades at the greatest rate a share is worth more than a unit.
    function test_RevertWhen_ADepositIsWorthNoShare() public {
        saturate();
        fund(bob, 0, 1);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.ZeroShares.selector, 1));
        vm.prank(bob);
        market.deposit(1, bob);
    }

    function test_RevertWhen_TheBooksCannotHoldADeposit() public {
        uint256 tooMuch = uint256(type(uint128).max) - LENT + 1;
        fund(bob, 0, tooMuch);
        vm.expectRevert(
            abi.encodeWithSelector(
                SafeCast.SafeCastOverflowedUintDowncast.selector,
                128,
                uint256(type(uint128).max) + 1
            )
        );
        vm.prank(bob);
        market.deposit(tooMuch, bob);
    }

    /// @dev Amounts of 256 bits: each function says what is wrong by an error of its own.
    function test_RevertWhen_AnAmountIsAbsurd() public {
        uint256 most = type(uint256).max;
        bytes memory tooLarge = abi.encodeWithSelector(SharesMath.AmountTooLarge.selector, most);
        vm.startPrank(lender);
        vm.expectRevert(tooLarge);
        market.deposit(most, lender);
        vm.expectRevert(tooLarge);
        market.withdraw(most, lender, lender);
        vm.expectRevert(tooLarge);
        market.previewDeposit(most);
        vm.expectRevert(abi.encodeWithSelector(SafeCast.SafeCastOverflowedUintDowncast.selector, 128, most / 1e6 + 1));
        market.mint(most, lender);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InsufficientCash.selector, LENT, most / 1e6));
        market.redeem(most, lender, lender);
        vm.stopPrank();
    }

    /// @dev The quotient is the greatest number there is, and has a remainder to be rounded up for.
    function test_RevertWhen_RoundingUpPassesTheGreatestNumber() public {
        open(alice, 1_000e18, 1_000_000e6);
        skipTime(30 days);
        lend(bob, 1e6);
        lend(bob, 193_002);
        uint256 assets = 115795135051224549590278395367255671777644937470089153756428542080330676;
        vm.expectRevert(abi.encodeWithSelector(SharesMath.AmountTooLarge.selector, assets));
        market.previewWithdraw(assets);
    }

    /// @dev A loss has made a unit more shares than it was: its dust is more, too.
    function test_DustAfterAPartialLossDoesNotCloseTheMarket() public {
        open(alice, 3_000e18, 4_000_000e6);
        uint256 assets = market.maxWithdraw(lender);
        vm.prank(lender);
        market.withdraw(assets, lender, lender);
        fund(liquidator, 0, 10_000_000e6);
        oracle.setPrice(priceOf(300));
        liquidateOne(alice, type(uint256).max);
        assertGt(market.totalAssets(), 800_000e6);
        assets = market.maxWithdraw(lender);
        vm.prank(lender);
        market.withdraw(assets, lender, lender);
        assertEq(market.totalAssets(), 0);
        assertGt(market.totalSupply(), 1e6);
        fund(bob, 0, 1_000e6);
        vm.startPrank(bob);
        uint256 shares = market.deposit(1_000e6, bob);
        assertGe(market.previewRedeem(shares), 1_000e6 - 1);
        vm.stopPrank();
    }

    /// @dev Nothing is lost to dust that a withdrawal by assets leaves: deposits go on, and own what they bring.
    function test_DustOfTheLastLenderDoesNotCloseTheMarket() public {
        open(alice, 2_500e18, BORROWED);
        oracle.setPrice(priceOf(700));
        fund(liquidator, 0, 10_000_000e6);
        liquidateOne(alice, type(uint256).max);
        uint256 assets = market.maxWithdraw(lender);
        vm.prank(lender);
        market.withdraw(assets, lender, lender);
        assertGt(market.totalSupply(), 0);
        assertEq(market.totalAssets(), 0);
        fund(bob, 0, 1_000e6);
        vm.startPrank(bob);
        uint256 shares = market.deposit(1_000e6, bob);
        assertGe(market.previewRedeem(shares), 1_000e6 - 1);
        vm.stopPrank();
    }

    // ------------------------------------------------------------------ previews are exact

    function testFuzz_PreviewDepositIsTheResult(uint256 assets, uint256 elapsed) public {
        assets = bound(assets, 1, 1e16);
        earn(elapsed);
        fund(bob, 0, assets);
        uint256 preview = market.previewDeposit(assets);
        assertEq(market.convertToShares(assets), preview);
        vm.prank(bob);
        assertEq(market.deposit(assets, bob), preview);
        assertEq(market.balanceOf(bob), preview);
        assertEq(loan.balanceOf(bob), 0);
    }

    function testFuzz_PreviewMintIsTheResult(uint256 shares, uint256 elapsed) public {
        shares = bound(shares, 1, 1e22);
        earn(elapsed);
        uint256 preview = market.previewMint(shares);
        fund(bob, 0, preview);
        vm.prank(bob);
        assertEq(market.mint(shares, bob), preview);
        assertEq(market.balanceOf(bob), shares);
        assertEq(loan.balanceOf(bob), 0);
    }

    function testFuzz_PreviewWithdrawIsTheResult(uint256 assets, uint256 elapsed) public {
        assets = bound(assets, 1, LENT - BORROWED);
        earn(elapsed);
        uint256 preview = market.previewWithdraw(assets);
        uint256 before = market.balanceOf(lender);
        vm.prank(lender);
        assertEq(market.withdraw(assets, bob, lender), preview);
        assertEq(before - market.balanceOf(lender), preview);
        assertEq(loan.balanceOf(bob), assets);
    }

    function testFuzz_PreviewRedeemIsTheResult(uint256 shares, uint256 elapsed) public {
        earn(elapsed);
        shares = bound(shares, 1, market.maxRedeem(lender));
        uint256 preview = market.previewRedeem(shares);
        assertEq(market.convertToAssets(shares), preview);
        vm.prank(lender);
        assertEq(market.redeem(shares, bob, lender), preview);
        assertEq(loan.balanceOf(bob), preview);
    }

    function testFuzz_AccruingChangesNoView(uint256 elapsed) public {
        earn(elapsed);
        uint256 assets = market.totalAssets();
        uint256 shares = market.convertToShares(1e12);
        uint256 maximum = market.maxRedeem(lender);
        market.accrue();
        assertEq(market.totalAssets(), assets);
        assertEq(market.convertToShares(1e12), shares);
        assertEq(market.maxRedeem(lender), maximum);
    }

    /// @dev Whatever one does at one time, rounding never leaves more than one had.
    function testFuzz_NoRoundTripGains(uint256 assets, uint256 shares, uint256 elapsed) public {
        assets = bound(assets, 1, 1e15);
        earn(elapsed);
        shares = bound(shares, 1, 1e21);
        fund(bob, 0, 1e19);
        vm.startPrank(bob);
        uint256 minted = market.deposit(assets, bob);
        assertLe(market.redeem(minted, bob, bob), assets);
        uint256 paid = market.mint(shares, bob);
        assertLe(market.redeem(shares, bob, bob), paid);
        minted = market.deposit(assets + 2, bob);
        assertLe(market.withdraw(assets, bob, bob), minted);
        vm.stopPrank();
        assertLe(loan.balanceOf(bob) + market.convertToAssets(market.balanceOf(bob)), 1e19);
    }

    // ------------------------------------------------------------------ maxima

    function testFuzz_MaxDepositCanBeDepositedAndNoMore(uint256 elapsed) public {
        earn(elapsed);
        uint256 most = market.maxDeposit(bob);
        loan.mint(bob, type(uint128).max);
        vm.startPrank(bob);
        loan.approve(address(market), type(uint256).max);
        vm.expectPartialRevert(SafeCast.SafeCastOverflowedUintDowncast.selector);
        market.deposit(most + 1, bob);
        market.deposit(most, bob);
        vm.stopPrank();
        assertLe(market.maxDeposit(bob), 1);
    }

    function testFuzz_MaxMintCanBeMintedAndNoMore(uint256 elapsed) public {
        earn(elapsed);
        uint256 most = market.maxMint(bob);
        loan.mint(bob, type(uint128).max);
        vm.startPrank(bob);
        loan.approve(address(market), type(uint256).max);
        vm.expectPartialRevert(SafeCast.SafeCastOverflowedUintDowncast.selector);
        market.mint(most + 1, bob);
        market.mint(most, bob);
        vm.stopPrank();
        assertEq(market.maxMint(bob), 0);
    }

    function testFuzz_MaxWithdrawCanBeWithdrawnAndNoMore(uint256 deposited, uint256 elapsed) public {
        deposited = bound(deposited, 1, 1e14);
        lend(bob, deposited);
        earn(elapsed);
        uint256 most = market.maxWithdraw(bob);
        (uint256 cash, , ) = market.totals();
        (uint256 held, uint256 needed) = (market.balanceOf(bob), market.previewWithdraw(most + 1));
        vm.expectRevert(
            most == cash
                ? abi.encodeWithSelector(ILeverageMarket.InsufficientCash.selector, cash, most + 1)
                : abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, bob, held, needed)
        );
        vm.prank(bob);
        market.withdraw(most + 1, bob, bob);
        vm.prank(bob);
        market.withdraw(most, bob, bob);
        assertEq(market.maxWithdraw(bob), 0);
    }

    function testFuzz_MaxRedeemCanBeRedeemed(uint256 deposited, uint256 elapsed) public {
        deposited = bound(deposited, 1, 1e14);
        lend(bob, deposited);
        earn(elapsed);
        uint256 most = market.maxRedeem(bob);
        vm.prank(bob);
        market.redeem(most, bob, bob);
        (uint256 cash, , ) = market.totals();
        // All shares, or all cash but what is worth less than a share.
        assertTrue(market.balanceOf(bob) == 0 || cash <= 1);
    }

    function test_MaximaOfAnIlliquidMarketAreItsCash() public {
        lend(bob, 1_000e6);
        open(alice, 100_000e18, 4_000_000e6);
        skipTime(1 days);
        vm.prank(alice);
        market.borrow(4_000_000e6 - 1_000e6, alice, alice);
        vm.prank(lender);
        market.withdraw(2_002_000e6 - 500e6, lender, lender);
        (uint256 cash, , ) = market.totals();
        assertEq(cash, 500e6);
        assertEq(market.maxWithdraw(lender), 500e6);
        assertEq(market.maxWithdraw(bob), 500e6);
        assertEq(market.maxRedeem(bob), market.convertToShares(500e6));
        assertEq(market.maxFlashLoan(address(loan)), 500e6);
    }

    // ------------------------------------------------------------------ illiquidity, failing oracle

    function test_RevertWhen_TheCashIsLent() public {
        earn(30 days);
        uint256 cash = LENT - BORROWED;
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InsufficientCash.selector, cash, cash + 1));
        vm.prank(lender);
        market.withdraw(cash + 1, lender, lender);

        uint256 shares = market.balanceOf(lender);
        uint256 assets = market.previewRedeem(shares);
        vm.expectRevert(abi.encodeWithSelector(ILeverageMarket.InsufficientCash.selector, cash, assets));
        vm.prank(lender);
        market.redeem(shares, lender, lender);

        vm.prank(lender);
        market.withdraw(cash, lender, lender);
        assertEq(loan.balanceOf(lender), cash);
    }

    function test_LendersComeAndGoWhateverTheOracleDoes() public {
        earn(30 days);
        for (uint256 i = 0; i < 3; ++i) {
            if (i == 0) oracle.fail();
            else oracle.setPrice(i == 1 ? 0 : type(uint256).max);
            uint256 shares = lend(bob, 100e6);
            vm.startPrank(bob);
            loan.mint(bob, 200e6);
            market.mint(shares, bob);
            market.withdraw(50e6, bob, bob);
            market.redeem(market.maxRedeem(bob), bob, bob);
            vm.stopPrank();
            assertEq(market.balanceOf(bob), 0);
        }
    }

    // ------------------------------------------------------------------ the buffer's interest fee

    function test_TheBufferGetsItsShareOfTheInterest() public {
        earn(30 days);
        uint256 interest = market.totalAssets() - LENT;
        uint256 supply = market.totalSupply();
        uint256 fee = interest / 10;
        uint256 due = Math.mulDiv(fee, supply + 1e6, LENT + interest - fee + 1);
        vm.prank(lender);
        market.withdraw(1, lender, lender);
        assertEq(market.balanceOf(address(market)), due);
        assertApproxEqAbs(market.convertToAssets(due), fee, 1);
    }

    function test_LendersGetTheRestOfTheInterest() public {
        earn(30 days);
        uint256 interest = market.totalAssets() - LENT;
        assertGt(interest, 1_000e6);
        assertApproxEqAbs(market.convertToAssets(market.balanceOf(lender)), LENT + interest - interest / 10, 2);
    }

    function test_BorrowersDoNotPayForTheFeeToBeWritten() public {
        earn(30 days);
        vm.prank(alice);
        market.borrow(1e6, alice, alice);
        vm.prank(alice);
        market.repay(1e6, alice);
        assertEq(market.balanceOf(address(market)), 0);
        fund(bob, 0, 1);
        vm.prank(bob);
        market.deposit(1, bob);
        assertGt(market.balanceOf(address(market)), 0);
    }

    function test_WithNothingDueTheBufferIsLeftAlone() public {
        vm.recordLogs();
        lend(bob, 1e6);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bytes32 toMarket = bytes32(uint256(uint160(address(market))));
        for (uint256 i = 0; i < logs.length; ++i) {
            bool isOfShares = logs[i].emitter == address(market) && logs[i].topics[0] == IERC20.Transfer.selector;
            assertFalse(isOfShares && logs[i].topics[2] == toMarket);
        }
    }

    function test_TheBuffersNewSharesAreSeenAsATransfer() public {
        earn(30 days);
        uint256 supply = market.totalSupply();
        vm.recordLogs();
        vm.prank(lender);
        market.deposit(0, lender);
        Vm.Log memory first = vm.getRecordedLogs()[1];
        assertEq(first.topics[0], IERC20.Transfer.selector);
        assertEq(first.topics[1], bytes32(0));
        assertEq(first.topics[2], bytes32(uint256(uint160(address(market)))));
        uint256 due = abi.decode(first.data, (uint256));
        assertGt(due, 0);
        assertEq(market.balanceOf(address(market)), due);
        assertEq(market.totalSupply(), supply + due);
    }

    function test_AFullBufferTakesNoFeeOnInterest() public {
        // 5% of all shares.
        moveToBuffer(lender, (LENT * 1e6) / 20);
        uint256 buffer = market.balanceOf(address(market));
        open(alice, 10_000e18, BORROWED);
        skipTime(30 days);
        vm.prank(lender);
        market.withdraw(1, lender, lender);
        assertEq(market.balanceOf(address(market)), buffer);

        // More shares of others: no longer 5%.
        lend(lender, 1000e6);
        assertEq(market.balanceOf(address(market)), buffer, "for the time it was full nothing is due");
        skipTime(1 days);
        vm.prank(lender);
        market.withdraw(1, lender, lender);
        assertGt(market.balanceOf(address(market)), buffer);
    }

    function testFuzz_TheSharePriceNeverFalls(uint256 elapsed, uint256 assets) public {
        assets = bound(assets, 1, LENT - BORROWED);
        earn(1 days);
        uint256 price = market.convertToAssets(1e30);
        skipTime(bound(elapsed, 0, 365 days));
        vm.prank(lender);
        market.withdraw(assets, lender, lender);
        assertGe(market.convertToAssets(1e30), price);
        price = market.convertToAssets(1e30);
        lend(bob, assets);
        assertGe(market.convertToAssets(1e30), price);
    }

    // ------------------------------------------------------------------ ERC-20

    function test_Transfer() public {
        vm.expectEmit(address(market));
        emit IERC20.Transfer(lender, bob, 3);
        vm.prank(lender);
        assertTrue(market.transfer(bob, 3));
        assertEq(market.balanceOf(bob), 3);
        assertEq(market.balanceOf(lender), LENT * 1e6 - 3);
        assertEq(market.totalSupply(), LENT * 1e6);
    }

    function test_TransferToOneself() public {
        vm.prank(lender);
        market.transfer(lender, 3);
        assertEq(market.balanceOf(lender), LENT * 1e6);
    }

    /// @dev The zero address alone stands for what is minted and burned.
    function test_TransferToTheFirstOfAllAddresses() public {
        vm.prank(lender);
        market.transfer(address(1), 3);
        assertEq(market.balanceOf(address(1)), 3);
        vm.prank(address(1));
        market.transfer(alice, 2);
        assertEq(market.balanceOf(address(1)), 1);
    }

    function test_ApproveAndTransferFrom() public {
        vm.expectEmit(address(market));
        emit IERC20.Approval(lender, bob, 10);
        vm.prank(lender);
        assertTrue(market.approve(bob, 10));
        vm.prank(bob);
        assertTrue(market.transferFrom(lender, alice, 4));
        assertEq(market.allowance(lender, bob), 6);
        assertEq(market.balanceOf(alice), 4);
    }

    function test_AnInfiniteAllowanceIsNotUsedUp() public {
        vm.prank(lender);
        market.approve(bob, type(uint256).max);
        vm.prank(bob);
        market.transferFrom(lender, alice, 4);
        assertEq(market.allowance(lender, bob), type(uint256).max);
    }

    function test_RevertWhen_AnErc20CallIsInvalid() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, address(0)));
        vm.prank(lender);
        market.transfer(address(0), 1);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidSpender.selector, address(0)));
        vm.prank(lender);
        market.approve(address(0), 1);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, bob, 0, 1));
        vm.prank(bob);
        market.transfer(alice, 1);
        vm.prank(lender);
        market.approve(bob, 10);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, bob, 10, 11));
        vm.prank(bob);
        market.transferFrom(lender, bob, 11);
    }

    function test_RevertWhen_TheZeroAddressApproves() public {
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidApprover.selector, address(0)));
        vm.prank(address(0));
        market.approve(alice, 1);
    }

    // ------------------------------------------------------------------ ERC-2612

    function testFuzz_Permit(uint256 value, uint256 lifetime) public {
        (address owner, uint256 key) = makeAccount("owner");
        uint256 deadline = vm.getBlockTimestamp() + bound(lifetime, 0, 1000 days);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, permitDigest(owner, bob, value, 0, deadline));
        vm.expectEmit(address(market));
        emit IERC20.Approval(owner, bob, value);
        market.permit(owner, bob, value, deadline, v, r, s);
        assertEq(market.allowance(owner, bob), value);
        assertEq(market.nonces(owner), 1);
    }

    function test_RevertWhen_APermitIsUsedTwice() public {
        (address owner, uint256 key) = makeAccount("owner");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, permitDigest(owner, bob, 5, 0, type(uint256).max));
        market.permit(owner, bob, 5, type(uint256).max, v, r, s);
        address signer = ecrecover(permitDigest(owner, bob, 5, 1, type(uint256).max), v, r, s);
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612InvalidSigner.selector, signer, owner));
        market.permit(owner, bob, 5, type(uint256).max, v, r, s);
    }

    function test_RevertWhen_APermitHasExpired() public {
        (address owner, uint256 key) = makeAccount("owner");
        uint256 deadline = vm.getBlockTimestamp() - 1;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, permitDigest(owner, bob, 5, 0, deadline));
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612ExpiredSignature.selector, deadline));
        market.permit(owner, bob, 5, deadline, v, r, s);
    }

    function test_RevertWhen_APermitIsAnothers() public {
        (address owner, ) = makeAccount("owner");
        (address signer, uint256 key) = makeAccount("forger");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, permitDigest(owner, bob, 5, 0, type(uint256).max));
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612InvalidSigner.selector, signer, owner));
        market.permit(owner, bob, 5, type(uint256).max, v, r, s);
    }

    function test_RevertWhen_APermitIsOfAnotherMarket() public {
        (address owner, uint256 key) = makeAccount("owner");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, permitDigest(owner, bob, 5, 0, type(uint256).max));
        IMarket other = newMarket("other");
        bytes32 structHash = keccak256(abi.encode(PERMIT_TYPEHASH, owner, bob, 5, 0, type(uint256).max));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", other.DOMAIN_SEPARATOR(), structHash));
        address signer = ecrecover(digest, v, r, s);
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612InvalidSigner.selector, signer, owner));
        other.permit(owner, bob, 5, type(uint256).max, v, r, s);
    }

    // ------------------------------------------------------------------ helpers

    function metadata(string memory signature) private view returns (string memory) {
        (, bytes memory answer) = address(market).staticcall(abi.encodeWithSignature(signature));
        return abi.decode(answer, (string));
    }

    function newMarket(bytes32 salt) private returns (IMarket) {
        return createMarket(_params(), salt);
    }

    function deposit(IMarket target, address account, uint256 assets) private returns (uint256) {
        loan.mint(account, assets);
        vm.startPrank(account);
        loan.approve(address(target), assets);
        uint256 shares = target.deposit(assets, account);
        vm.stopPrank();
        return shares;
    }

    /// @dev Interest, and with it a fee, becomes due.
    function earn(uint256 elapsed) private {
        open(alice, 10_000e18, BORROWED);
        skipTime(bound(elapsed, 0, 3 * 365 days));
    }

    /// @dev Most of the cash lent, for as long as it takes for the index to stop.
    function saturate() private {
        open(alice, 100_000e18, 4_000_000e6);
        vm.prank(lender);
        market.withdraw(6_000_000e6, lender, lender);
        skipTime(100 * 365 days);
    }

    function permitDigest(
        address owner,
        address spender,
        uint256 value,
        uint256 nonce,
        uint256 deadline
    ) private view returns (bytes32) {
        bytes32 structHash = keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, nonce, deadline));
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Cantilever"),
                keccak256("1"),
                block.chainid,
                address(market)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
