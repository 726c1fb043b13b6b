package dev.candor.client.verify;

/** The checks of a receipt, in the order they are made and reported. */
public enum CheckName {
    SIGNATURE("signature", Need.ALWAYS),
    REQUEST("request", Need.BYTES),
    OUTPUT("output", Need.BYTES),
    MODEL_DIGEST("model digest", Need.NOT_FAILED),
    EVIDENCE("evidence", Need.ALWAYS),
    APPRAISAL("appraisal", Need.ALWAYS),
    PAYMENT("payment", Need.ALWAYS),
    INCLUSION_PROOF("inclusion proof", Need.NOT_FAILED),
    CHECKPOINT_SIGNATURE("checkpoint signature", Need.NOT_FAILED),
    ON_CHAIN_ANCHOR("on-chain anchor", Need.NOT_FAILED);

    /** What a verified receipt demands of a check. */
    enum Need {
        /** It must be ok. */
        ALWAYS,
        /** It must be ok, unless the receipt is looked at without its request and answer. */
        BYTES,
        /** It may be skipped. */
        NOT_FAILED
    }

    private final String label;
    private final Need need;

    CheckName(String label, Need need) {
        this.label = label;
        this.need = need;
    }

    /** The name people and programs read. */
    public String label() {
        return label;
    }

    boolean satisfiedBy(CheckResult result, boolean receiptOnly) {
        return switch (result) {
            case OK -> true;
            case FAILED -> false;
            case SKIPPED -> need == Need.NOT_FAILED || need == Need.BYTES && receiptOnly;
        };
    }
}
