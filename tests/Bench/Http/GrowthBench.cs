namespace Actors.Bench.Http;

/// <summary>
/// What becomes of recall and remember as a client grows, and as there are more clients, all of them in memory; 8 connections.
/// Ratios are against the smallest.
/// </summary>
internal sealed class GrowthBench(HttpStage stage, int rounds) : IHttpBench
{
    public const string DistinctRecall = "recall, distinct queries";
    public const string RepeatedRecall = "recall, repeated query";
    public const string Remember = "remember";
    public const string ByEvents = "by events of a client";
    public const string ByClients = "by clients of 20 events";

    private const int Connections = 8;
    private const int EventsOfMany = 20;
    private const int Questions = 20_000;

    private static readonly int[] EventCounts = [1_000, 10_000, 100_000];
    private static readonly int[] ClientCounts = [1, 100, 10_000];

    private readonly InventedText _text = new();
    private readonly Sequence _sequence = new();
    private readonly List<RememberRequests> _remembers = [];

    /// <summary>Clients to be measured.</summary>
    /// <param name="Name">As the tables call it.</param>
    /// <param name="Asked">Who is asked.</param>
    /// <param name="Written">Who is written to, by measurement: a small client would be a large one by the next.</param>
    private sealed record Size(string Name, StoredClient[] Asked, Queue<StoredClient[]> Written)
    {
        public int? Events { get; init; }

        public int? Clients { get; init; }

        public Contender Contender(Func<TimeSpan, Task<Measurement>> runAsync) => new(Name, runAsync) { Events = Events, Clients = Clients };
    }

    public async Task<Series[]> PrepareAsync()
    {
        var clients = new StoredClients(stage.Database, _text);
        var events = new List<Size>();
        foreach (var count in EventCounts)
        {
            var asked = await clients.StoreAsync($"events-{count}", 1, count);
            var written = count == EventCounts[^1]
                ? Enumerable.Repeat(asked, Comparison.RunsOf(1, rounds))
                : (await clients.StoreAsync($"written-{count}", Comparison.RunsOf(1, rounds), count)).Chunk(1);
            events.Add(new Size($"{count:N0} events", asked, new(written)) { Events = count, Clients = 1 });
        }

        var many = await clients.StoreAsync("client", ClientCounts[^1], EventsOfMany);
        var counts = ClientCounts.Select(count => new Size(
            count == 1 ? "1 client" : $"{count:N0} clients", many[..count], new(Enumerable.Repeat(many[..count], Comparison.RunsOf(1, rounds))))
        {
            Events = EventsOfMany,
            Clients = count,
        }).ToList();
        await clients.SettleAsync();
        StoredClient[] all = [.. events.SelectMany(size => size.Asked.Concat(size.Written.SelectMany(written => written))), .. many];
        await stage.TouchAsync(_text.Questions([.. all.Distinct()], all.Distinct().Count()));
        return [.. await SeriesOfAsync(ByEvents, events), .. await SeriesOfAsync(ByClients, counts)];
    }

    public async Task<string> VerifyAsync()
    {
        var acknowledged = _remembers.Sum(requests => requests.Acknowledged);
        var stored = await stage.CountAsync($"select count(*) from events where content like '{RememberRequests.Content}%'");
        return HttpBench.Verified(acknowledged == stored, $"{acknowledged} memories acknowledged, {stored} stored");
    }

    private async Task<Series[]> SeriesOfAsync(string by, List<Size> sizes)
    {
        var distinct = sizes.Select(size => size.Contender(Load(
            new RecallQuestions(RecallQuestions.Computed, _text.Questions(size.Asked, Questions)).Load(Connections, stage.Key)))).ToArray();
        var repeated = new List<Contender>();
        foreach (var size in sizes)
        {
            var questions = _text.Questions(size.Asked, size.Asked.Length);
            await stage.TouchAsync(questions);
            repeated.Add(size.Contender(Load(new RecallQuestions(RecallQuestions.Repeated, questions).Load(Connections, stage.Key))));
        }

        return
        [
            // Distinct questions push repeated ones out of what a session keeps.
            new($"{RepeatedRecall}, {by}", new Level(Connections, [.. repeated])),
            new($"{DistinctRecall}, {by}", new Level(Connections, distinct)),
            new($"{Remember}, {by}", new Level(Connections, [.. sizes.Select(size => size.Contender(duration => RememberAsync(size.Written.Dequeue(), duration)))])),
        ];
    }

    private Func<TimeSpan, Task<Measurement>> Load(RecallRequests[] load) => duration => HttpLoad.RunAsync(stage.Service.Address, load, duration);

    private Task<Measurement> RememberAsync(StoredClient[] clients, TimeSpan duration)
    {
        // Each connection has its share of the clients, or all have the one there is.
        var requests = Enumerable.Range(0, Connections)
            .Select(connection => clients.Where((_, number) => clients.Length == 1 || number % Connections == connection).Select(client => client.Id))
            .Select(ids => new RememberRequests([.. ids], stage.Key, _sequence)).ToArray();
        _remembers.AddRange(requests);
        return HttpLoad.RunAsync(stage.Service.Address, requests, duration);
    }
}
