package dev.candor.inference.engine.speculate;

/** What a decode step costs by the rows it computes: a line through the steps of late, older ones counting less and less. */
final class StepCost {
    private static final double FORGET = 0.98;
    /** Until steps of different sizes were seen, a further row is taken to cost this share of a step. */
    private static final double FIRST_GUESS = 0.15;
    private static final double OUTLIER = 3;
    private static final double LEAST_SPREAD = 0.05;

    private double weight;
    private double rows;
    private double nanos;
    private double rowsSquared;
    private double product;
    private double slope;

    void add(int stepRows, double stepNanos) {
        double y = weight == 0 ? stepNanos : Math.min(stepNanos, OUTLIER * of(stepRows));
        weight = weight * FORGET + 1;
        rows = rows * FORGET + stepRows;
        nanos = nanos * FORGET + y;
        rowsSquared = rowsSquared * FORGET + (double) stepRows * stepRows;
        product = product * FORGET + stepRows * y;
        double spread = rowsSquared / weight - rows / weight * (rows / weight);
        if (spread > LEAST_SPREAD) {
            slope = Math.max(0, (product / weight - rows / weight * (nanos / weight)) / spread);
        } else if (slope == 0) {
            slope = FIRST_GUESS * y / stepRows;
        }
    }

    boolean known() {
        return weight > 0;
    }

    /** Nanoseconds of a step. */
    double of(int stepRows) {
        return Math.max(1, nanos / weight + slope * (stepRows - rows / weight));
    }

    /** Nanoseconds of one row more. */
    double perRow() {
        return slope;
    }
}
