package dev.candor.bench.peers;

import dev.candor.bench.Results;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** What is measured of a chat server, each a short round. */
final class ChatBench {
    static final int DECODE_PROMPT = 48;
    private static final int PREFILL_PROMPT = 500;
    private static final int LOADED_PROMPT = 128;
    private static final int LOADED_ANSWER = 24;
    private static final int LOADED_CLIENTS = 8;
    private static final int STALL_STREAMS = 4;
    private static final int LONG_PROMPT = 3900;
    private static final double MOST = 0.99;

    private final ChatClient client;
    private final Prompts prompts;
    private final Plan plan;

    ChatBench(ChatClient client, Prompts prompts, Plan plan) {
        this.client = client;
        this.prompts = prompts;
        this.plan = plan;
    }

    /** Brings a server into the state it serves in. */
    void warmUp(ChatServer server) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        do {
            Together.run(calls(server, LOADED_CLIENTS, plan.answerTokens() / 4));
        } while (System.nanoTime() - begin < plan.warmUpMillis() * 1_000_000L);
        client.stream(server, prompts.unseen(PREFILL_PROMPT), 1);
    }

    /**
     * Tokens a second while all streams decode; where the first to end did so before the last began, from the first token of all to
     * the last.
     */
    double decode(ChatServer server, int streams) throws IOException, InterruptedException {
        List<ChatTiming> all = Together.run(calls(server, streams, plan.answerTokens()));
        long begin = all.stream().mapToLong(ChatTiming::first).max().orElseThrow();
        long end = all.stream().mapToLong(ChatTiming::last).min().orElseThrow();
        if (end <= begin) {
            begin = all.stream().mapToLong(ChatTiming::first).min().orElseThrow();
            end = all.stream().mapToLong(ChatTiming::last).max().orElseThrow();
        }
        double tokens = 0;
        for (ChatTiming timing : all) {
            tokens += timing.tokensWithin(begin, end);
        }
        return tokens * 1e9 / (end - begin);
    }

    private List<Callable<ChatTiming>> calls(ChatServer server, int streams, int tokens) {
        List<Callable<ChatTiming>> calls = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            String prompt = prompts.unseen(DECODE_PROMPT);
            calls.add(() -> client.stream(server, prompt, tokens));
        }
        return calls;
    }

    /** Median milliseconds between two tokens of one stream. */
    double gapMillis(ChatServer server) throws IOException, InterruptedException {
        return Results.percentile(client.stream(server, prompts.unseen(DECODE_PROMPT), plan.answerTokens()).gapsMillis(), 0.5);
    }

    /** Prompt tokens a second, one prompt of about 512 tokens at a time, up to its answer's first token. */
    double prefill(ChatServer server) throws IOException, InterruptedException {
        double[] rates = new double[plan.prefills()];
        for (int i = 0; i < rates.length; i++) {
            ChatTiming timing = client.stream(server, prompts.unseen(PREFILL_PROMPT), 1);
            rates[i] = timing.promptTokens() * 1e3 / timing.firstMillis();
        }
        return Results.percentile(rates, 0.5);
    }

    /** Milliseconds to the first token while eight clients ask one question after another. */
    double[] firstTokens(ChatServer server) throws IOException, InterruptedException {
        List<String> questions = new ArrayList<>();
        for (int i = 0; i < plan.loadedRequests(); i++) {
            questions.add(prompts.unseen(LOADED_PROMPT));
        }
        AtomicInteger next = new AtomicInteger();
        List<Callable<List<ChatTiming>>> clients = new ArrayList<>();
        for (int i = 0; i < LOADED_CLIENTS; i++) {
            clients.add(() -> {
                List<ChatTiming> mine = new ArrayList<>();
                for (int n = next.getAndIncrement(); n < questions.size(); n = next.getAndIncrement()) {
                    mine.add(client.stream(server, questions.get(n), LOADED_ANSWER));
                }
                return mine;
            });
        }
        return Together.run(clients).stream().flatMap(List::stream).mapToDouble(ChatTiming::firstMillis).toArray();
    }

    /**
     * How long streams stand still when a long prompt comes.
     *
     * @param quiet p99 of the time between two pieces, without it
     * @param busy  the same while a prompt of about 4,000 tokens is read
     */
    record Stall(double quiet, double busy) {}

    Stall stall(ChatServer server) throws IOException, InterruptedException {
        List<ChatTiming> quiet = Together.run(calls(server, STALL_STREAMS, plan.stallTokens()));
        List<Callable<ChatTiming>> busy = calls(server, STALL_STREAMS, plan.stallTokens());
        String book = prompts.unseen(LONG_PROMPT);
        busy.add(() -> client.stream(server, book, 1));
        List<ChatTiming> with = Together.run(busy);
        return new Stall(longest(quiet), longest(with.subList(0, STALL_STREAMS)));
    }

    private static double longest(List<ChatTiming> streams) {
        return Results.percentile(streams.stream().flatMapToDouble(timing -> Arrays.stream(timing.gapsMillis())).toArray(), MOST);
    }
}
