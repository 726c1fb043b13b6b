package dev.candor.inference.engine.schedule;

import dev.candor.inference.engine.DecodeStep;
import dev.candor.inference.engine.ModelException;
import dev.candor.inference.engine.ModelRunner;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * One step of all that decode. A sequence that was put back and cannot be computed again by a prefill to the same bits is fed its own
 * answer, token by token, and only then goes on. Guessed tokens are kept as far as they are what is sampled anyway.
 */
final class Decode {
    private final ModelRunner runner;
    private final SlotTable table;
    private final PrefixStore prefixes;
    private final Drafts drafts;
    private final Pace pace;
    private final Work work;
    private final Logits logits;
    private final boolean alwaysExact;
    private final LongSupplier nanoTime;

    /** @param alwaysExact whether every step is exact where the runner can, or only those that somebody's replay needs */
    Decode(
            ModelRunner runner,
            SlotTable table,
            PrefixStore prefixes,
            Drafts drafts,
            Pace pace,
            Work work,
            Logits logits,
            boolean alwaysExact,
            LongSupplier nanoTime) {
        this.runner = runner;
        this.table = table;
        this.prefixes = prefixes;
        this.drafts = drafts;
        this.pace = pace;
        this.work = work;
        this.logits = logits;
        this.alwaysExact = alwaysExact;
        this.nanoTime = nanoTime;
    }

    void run() {
        makeRoom();
        if (table.decoding() == 0) {
            return;
        }
        DecodeStep step = assemble();
        long begin = nanoTime.getAsLong();
        try {
            runner.decode(step);
        } catch (ModelException | RuntimeException e) {
            recover(e);
            return;
        }
        long nanos = nanoTime.getAsLong() - begin;
        int longest = Arrays.stream(step.tokens()).mapToInt(tokens -> tokens.length).max().orElseThrow();
        drafts.measured(step.batch() * longest, nanos);
        if (longest == 1) {
            pace.decoded(step.batch(), nanos);
        }
        int row = 0;
        for (int slot = 0; slot < step.batch(); slot++) {
            take(table.at(slot), step.tokens()[slot], row, step.exact());
            row += step.tokens()[slot].length;
        }
        removeEnded(step.batch());
    }

    /** Makes room for one token more of each, and closes the gaps that this leaves. */
    private void makeRoom() {
        for (Sequence sequence : table.all().subList(0, table.decoding())) {
            boolean there = table.at(sequence.kv().slot()) == sequence;
            if (there && !table.grow(sequence, sequence.kv().computed() + 1)) {
                table.putBack(sequence);
            }
        }
        table.close();
    }

    private DecodeStep assemble() {
        int batch = table.decoding();
        int[] lengths = new int[batch];
        boolean replay = false;
        for (int slot = 0; slot < batch; slot++) {
            Sequence sequence = table.at(slot);
            lengths[slot] = sequence.kv().computed();
            replay |= sequence.wantsReplay();
        }
        return new DecodeStep(batch, drafts.tokens(), lengths, runner.exact() && (alwaysExact || replay));
    }

    /** Takes what a step computed for one sequence: its rows of logits from {@code row} on. */
    private void take(Sequence sequence, int[] tokens, int row, boolean exact) {
        int generated = 0;
        for (int i = 0; i < tokens.length; i++) {
            sequence.kv().decoded(exact);
            if (sequence.kv().computed() < sequence.length()) {
                continue;
            }
            generated++;
            work.generated(sequence, 1);
            sequence.step(logits.readForSampler(row + i));
            if (sequence.over() || i + 1 < tokens.length && sequence.lastToken() != tokens[i + 1]) {
                break;
            }
        }
        drafts.learn(sequence, tokens.length - 1, Math.max(0, generated - 1));
        if (!sequence.failed()) {
            prefixes.save(sequence);
        }
    }

    private void removeEnded(int batch) {
        for (int slot = 0; slot < batch; slot++) {
            if (table.at(slot).over()) {
                table.leave(table.at(slot));
            }
        }
        table.close();
    }

    /**
     * A step failed, and the runner does not say for which sequence. If it can only be one, that one fails. The others are computed again,
     * one after the other, each under suspicion until it is past the token it was at.
     */
    private void recover(Exception failure) {
        List<Sequence> all = table.all().subList(0, table.decoding());
        List<Sequence> unproven = all.stream().filter(sequence -> sequence.kv().isSuspect() || !sequence.kv().proven()).toList();
        boolean known = all.size() == 1 || unproven.size() == 1 && unproven.getFirst().kv().isSuspect();
        for (Sequence sequence : all) {
            if (known && (all.size() == 1 || sequence.kv().isSuspect())) {
                sequence.fail(failure);
                table.leave(sequence);
            } else {
                sequence.kv().suspect();
                table.putBack(sequence);
            }
        }
        table.close();
    }
}
