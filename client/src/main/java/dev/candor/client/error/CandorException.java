package dev.candor.client.error;

/** A call gave no answer that may be used. */
public abstract sealed class CandorException extends RuntimeException
        permits AnswerFormatException,
                CallCancelledException,
                CallTimeoutException,
                NodeErrorException,
                NodeUnreachableException,
                PaymentRefusedException,
                ProofOverdueException,
                ReceiptStoreException,
                SpendingLimitExceededException,
                UnverifiedAnswerException {
    private static final long serialVersionUID = 1L;

    CandorException(String message, Throwable cause) {
        super(message, cause);
    }
}
