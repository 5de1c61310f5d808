// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MockERC20} from "../../contracts/mocks/MockERC20.sol";
import {HandlerBase} from "./HandlerBase.sol";

/// @notice Actions of lenders and donors.
abstract contract LenderActions is HandlerBase {
    function deposit(uint256 who, uint256 assets, uint256 to) external observed {
        if (market.maxDeposit(_actor(who)) == 0) return;
        assets = bound(assets, 1, 100_000 * loanUnit);
        address[] memory group = _group(_actor(who), _actor(to));
        _fund(_actor(who), 0, assets);
        int256 worth = _worth(group);
        bool fits = assets <= market.maxDeposit(_actor(to));
        bool done = _enter(_actor(who), abi.encodeCall(market.deposit, (assets, _actor(to))));
        _expect(4, done || !fits, "a deposit within its maximum was refused");
        _expectNoGain(group, worth);
        if (done) _count("deposit");
    }

    function mintShares(uint256 who, uint256 shares) external observed {
        if (market.maxMint(_actor(who)) == 0) return;
        shares = bound(shares, 1, 100_000 * loanUnit * 1e6);
        address[] memory group = _group(_actor(who), _actor(who));
        _fund(_actor(who), 0, market.previewMint(shares));
        int256 worth = _worth(group);
        bool fits = shares <= market.maxMint(_actor(who));
        bool done = _enter(_actor(who), abi.encodeCall(market.mint, (shares, _actor(who))));
        _expect(4, done || !fits, "a mint within its maximum was refused");
        _expectNoGain(group, worth);
        if (done) _count("mintShares");
    }

    /// @dev A deposit, which only the supply cap may refuse; an accepted one must be within the
    /// cap.
    function _enter(address caller, bytes memory call) private returns (bool success) {
        bytes memory reason;
        (success, reason) = _attempt(caller, call);
        if (!success) {
            _justify(reason, SUPPLY_CAP);
            _tally("supply cap reached");
        } else {
            _expect(3, market.totalAssets() <= market.limits().supplyCap, "a deposit above the supply cap");
        }
    }

    function withdraw(uint256 who, uint256 assets, uint256 to) external observed {
        assets = bound(assets, 0, market.maxWithdraw(_actor(who)));
        address[] memory group = _group(_actor(who), _actor(to));
        int256 worth = _worth(group);
        _must(_actor(who), abi.encodeCall(market.withdraw, (assets, _actor(to), _actor(who))));
        _expectNoGain(group, worth);
        _count("withdraw");
    }

    function redeem(uint256 who, uint256 shares) external observed {
        // Often all shares: only a market without cash earns its lenders enough interest to bring
        // positions to their limits.
        uint256 most = market.maxRedeem(_actor(who));
        shares = shares % 3 == 0 ? most : bound(shares, 0, most);
        address[] memory group = _group(_actor(who), _actor(who));
        int256 worth = _worth(group);
        _must(_actor(who), abi.encodeCall(market.redeem, (shares, _actor(who), _actor(who))));
        _expectNoGain(group, worth);
        _count("redeem");
    }

    function transferShares(uint256 who, uint256 shares, uint256 to) external observed {
        shares = bound(shares, 0, market.balanceOf(_actor(who)));
        address receiver = _actor(to);
        address[] memory group = _group(_actor(who), receiver);
        int256 worth = _worth(group);
        _must(_actor(who), abi.encodeCall(market.transfer, (receiver, shares)));
        _expectNoGain(group, worth);
        _count("transferShares");
    }

    function donate(uint256 who, uint256 amount, uint256 kind) external observed {
        bool ofCollateral = kind % 2 == 0;
        amount = bound(amount, 1, 100_000 * loanUnit);
        address donor = _actor(who);
        if (ofCollateral) amount = (amount * collateralUnit) / (2_000 * loanUnit) + 1;
        _fund(donor, ofCollateral ? amount : 0, ofCollateral ? 0 : amount);
        int256 worth = _worth(actors);
        uint256 assets = market.totalAssets();
        MockERC20 token = ofCollateral ? collateral : loan;
        balances.move(token, donor, address(market), amount);
        vm.prank(donor);
        token.transfer(address(market), amount);
        _expect(4, market.totalAssets() == assets, "a donation moved the books");
        _expectNoGain(actors, worth);
        _count("donate");
    }
}
