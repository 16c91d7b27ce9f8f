using System.Diagnostics;
using System.Text;
using Actors.Sessions;
using Actors.Support;

namespace Actors.Bench.Http;

/// <summary>
/// What a session of 50,000 events costs, without HTTP around it: the grains run in this process, whose collected heap can be
/// compared before and after. Its Postgres is not durable, which only reading does not notice.
/// </summary>
internal static class HotMemoryBench
{
    private const int Events = 50_000;
    private const int Sessions = 3;
    private const int Callers = 8;
    private const int Questions = 20_000;

    /// <summary>Most bytes in memory for each byte of text.</summary>
    private const double MemoryBar = 8;

    private const double ActivationBarSeconds = 1;
    private const double RecallBarMilliseconds = 5;

    public static async Task RunAsync(BenchReport report, BenchOptions options, CancellationToken interrupted)
    {
        Progress.Show("Starting Postgres and the grains");
        await using var database = await TestPostgres.CreateAsync();
        var (textBytes, questions) = await StoreAsync(database);
        await using var host = await GrainHost.StartAsync(database);
        // Code is compiled, and pools are filled, by the first.
        await ActivateAsync(host, ClientOf(0));
        var before = HeapBytes();
        var seconds = new List<double>();
        for (var session = 1; session <= Sessions; session++)
        {
            interrupted.ThrowIfCancellationRequested();
            Progress.Show($"Activation {session} of {Sessions}");
            seconds.Add(await ActivateAsync(host, ClientOf(session)));
        }

        var perEvent = (HeapBytes() - before) / (double)(Sessions * Events);
        report.Add(
        [
            new Figure("activation of 50,000 events with a recall, median", seconds.Median(), "s", ActivationBarSeconds),
            new Figure("memory of a hot event", perEvent, "bytes"),
            new Figure("text of an event in UTF-8", textBytes, "bytes"),
            new Figure("memory of a hot session, as a multiple of its text", perEvent / textBytes, "", MemoryBar),
        ]);

        var comparison = new Comparison(ProcessorTime.ReadOwn, options.Duration, options.Rounds, interrupted);
        var sequence = new Sequence();
        var session1 = SessionOf(host, ClientOf(1));
        var contender = new Contender(
            "service", duration => LoadAsync(session1, questions, sequence, duration), new Bar(BarKind.P99AtMost, RecallBarMilliseconds));
        report.Add(await comparison.RunAsync(new Series("recall in the grain, distinct queries, 50,000 events", new Level(Callers, contender))));
        report.Add(comparison.OtherLoad);
    }

    private static string ClientOf(int session) => $"hot-{session:D5}";

    private static ISessionGrain SessionOf(GrainHost host, string clientId) => host.Grains.GetGrain<ISessionGrain>(SessionKey.Of(clientId));

    // Only what is needed later stays in memory: the bytes of an event's text on average, and questions to one of the clients.
    private static async Task<(double TextBytes, string[] Questions)> StoreAsync(TestDatabase database)
    {
        var text = new InventedText();
        var clients = new StoredClients(database.DataSource, text);
        var stored = await clients.StoreAsync("hot", Sessions + 1, Events);
        await clients.SettleAsync();
        var measured = stored[1..];
        return (
            measured.Sum(client => client.Sentences.Sum(sentence => (double)Encoding.UTF8.GetByteCount(sentence))) / (Sessions * Events),
            text.Questions(measured[0].Sentences, Questions));
    }

    private static async Task<double> ActivateAsync(GrainHost host, string clientId)
    {
        var started = Stopwatch.GetTimestamp();
        await SessionOf(host, clientId).RecallAsync(RecallRequest.For("what about the first recall?"), CancellationToken.None);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static long HeapBytes()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static async Task<Measurement> LoadAsync(ISessionGrain session, string[] questions, Sequence sequence, TimeSpan duration)
    {
        var callers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => CallAsync(session, questions, sequence, duration))));
        return Measurement.Of(duration.TotalSeconds, [.. callers.SelectMany(latencies => latencies)]);
    }

    private static async Task<List<int>> CallAsync(ISessionGrain session, string[] questions, Sequence sequence, TimeSpan duration)
    {
        var latencies = new List<int>(4_096);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var number = sequence.Next();
            var question = questions[number % questions.Length] + RecallRequests.Lap(number / questions.Length);
            var sent = Stopwatch.GetTimestamp();
            var answer = await session.RecallAsync(RecallRequest.For(question), CancellationToken.None);
            var answered = Stopwatch.GetTimestamp();
            if (answer.Cached)
            {
                throw new InvalidDataException($"The answer was repeated, not computed: {question}");
            }

            if (Stopwatch.GetElapsedTime(started, answered) > duration)
            {
                return latencies;
            }

            latencies.Add((int)Stopwatch.GetElapsedTime(sent, answered).TotalMicroseconds);
        }
    }
}
