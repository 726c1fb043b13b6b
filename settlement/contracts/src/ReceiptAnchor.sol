// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Anchors of append-only logs
/// @notice Each account keeps a hash chain of the roots it anchored. Nobody owns the contract; an account can write only
/// to its own chain, which can only grow.
contract ReceiptAnchor {
    /// @param head keccak256(abi.encode(previous head, origin, index, size, root)); zero before the first anchor
    struct Chain {
        bytes32 head;
        uint64 count;
        uint64 size;
    }

    /// @param index counts the account's anchors from zero
    /// @param origin SHA-256 of the log's origin line (C2SP tlog-checkpoint)
    /// @param size how many leaves the log had
    /// @param root the log's RFC 6962 root over them
    event Anchored(
        address indexed account, uint64 indexed index, bytes32 indexed origin, uint64 size, bytes32 root, bytes32 head
    );

    /// @notice The account's last anchor has `last` leaves; an anchor must have more.
    error SizeNotGrown(uint64 last, uint64 size);

    mapping(address account => Chain) private chains;

    /// @notice The end of `account`'s chain and how many anchors are in it.
    function headOf(address account) external view returns (bytes32 head, uint64 count, uint64 size) {
        Chain storage chain = chains[account];
        return (chain.head, chain.count, chain.size);
    }

    /// @notice Appends an anchor to the sender's chain.
    function anchor(bytes32 origin, uint64 size, bytes32 root) external returns (uint64 index, bytes32 head) {
        Chain storage chain = chains[msg.sender];
        if (size <= chain.size) revert SizeNotGrown(chain.size, size);
        index = chain.count;
        head = keccak256(abi.encode(chain.head, origin, index, size, root));
        chain.head = head;
        chain.count = index + 1;
        chain.size = size;
        emit Anchored(msg.sender, index, origin, size, root, head);
    }

    /// @notice Checks an inclusion proof as RFC 9162, section 2.1.3.2 does: `proof` must have exactly the nodes it needs.
    /// @param leafHash SHA-256(0x00 || entry)
    function verifyInclusion(bytes32 root, uint64 size, bytes32 leafHash, uint64 index, bytes32[] calldata proof)
        external
        pure
        returns (bool)
    {
        if (index >= size) return false;
        uint256 fn = index;
        uint256 sn = uint256(size) - 1;
        bytes32 node = leafHash;
        for (uint256 i = 0; i < proof.length; i++) {
            if (sn == 0) return false;
            if (fn & 1 == 1 || fn == sn) {
                node = sha256(abi.encodePacked(bytes1(0x01), proof[i], node));
                while (fn & 1 == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                node = sha256(abi.encodePacked(bytes1(0x01), node, proof[i]));
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && node == root;
    }
}
