package dev.candor.client.verify;

/**
 * One named check of a receipt.
 *
 * @param detail what was compared, or why it failed or was skipped
 */
public record Check(CheckName name, CheckResult result, String detail) {
    static Check ok(CheckName name, String detail) {
        return new Check(name, CheckResult.OK, detail);
    }

    static Check failed(CheckName name, String detail) {
        return new Check(name, CheckResult.FAILED, detail);
    }

    static Check skipped(CheckName name, String detail) {
        return new Check(name, CheckResult.SKIPPED, detail);
    }
}
