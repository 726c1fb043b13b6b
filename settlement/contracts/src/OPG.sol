// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";

/// @title A token that behaves as OPG does, for chains of our own
/// @notice ERC-20 with EIP-2612 permits and EIP-3009 authorizations. Authorization nonces are random, as USDC's are and
/// as x402 clients send them. The supply is fixed: nobody can mint.
contract OPG is ERC20, ERC20Permit, ERC3009 {
    /// @param holder gets the whole supply
    /// @param supply in atomic units, 18 decimals
    constructor(address holder, uint256 supply) ERC20("OpenGradient", "OPG") ERC20Permit("OpenGradient") {
        _mint(holder, supply);
    }

    /// @dev EIP-3009 knows time stamps only; the base contract would also read block numbers out of them.
    function _checkValidity(uint256 validAfter, uint256 validBefore) internal view override {
        require(
            block.timestamp > validAfter && block.timestamp < validBefore,
            ERC3009InvalidAuthorizationTime(validAfter, validBefore)
        );
    }
}
