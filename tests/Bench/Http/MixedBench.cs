namespace Actors.Bench.Http;

/// <summary>Of ten requests, nine are recalls of distinct questions and one is a remember, of clients with 500 events.</summary>
internal sealed class MixedBench(HttpStage stage, int rounds) : IHttpBench
{
    private const int Events = 500;
    private const int Questions = 2_000;

    private readonly InventedText _text = new();
    private readonly Sequence _sequence = new();
    private readonly List<RememberRequests> _remembers = [];

    public async Task<Series[]> PrepareAsync()
    {
        var levels = HttpBench.Connections;
        var clients = new StoredClients(stage.Database, _text);
        // One alone would grow to many times its size, so each measurement has another.
        var single = await clients.StoreAsync("single", Comparison.RunsOf(levels.Length, rounds), Events);
        var many = await clients.StoreAsync("many", levels[^1], Events);
        await clients.SettleAsync();
        await stage.TouchAsync(_text.Questions([.. single, .. many], single.Length + many.Length));
        var ofOne = new Queue<MixedRequests[]>(single.Select(client => Requests([client], levels[^1])));
        var ofMany = Requests(many, levels[^1]);
        return
        [
            new("nine recalls and a remember", [.. levels.Select(connections => new Level(
                connections,
                [
                    new("service, one client", duration => RunAsync(ofOne.Dequeue()[..connections], duration)),
                    .. connections > 1
                        ? [new Contender("service, a client each", duration => RunAsync(ofMany[..connections], duration))]
                        : Array.Empty<Contender>(),
                ])
            {
                HasBaseline = false,
            })]),
        ];
    }

    public async Task<string> VerifyAsync()
    {
        var acknowledged = _remembers.Sum(requests => requests.Acknowledged);
        var stored = await stage.CountAsync($"select count(*) from events where content like '{RememberRequests.Content}%'");
        return HttpBench.Verified(acknowledged == stored, $"{acknowledged} memories acknowledged, {stored} stored");
    }

    private Task<Measurement> RunAsync(MixedRequests[] requests, TimeSpan duration) => HttpLoad.RunAsync(stage.Service.Address, requests, duration);

    // As many connections as asked for, with the clients in turn.
    private MixedRequests[] Requests(StoredClient[] clients, int connections)
    {
        var perClient = connections / clients.Length;
        return [.. clients.SelectMany((client, number) =>
            new RecallQuestions(RecallQuestions.Computed, _text.Questions([client], Questions)).Load(perClient, stage.Key)
                .Select((recalls, connection) => new MixedRequests(recalls, RemembersOf(client), number + connection)))];
    }

    private RememberRequests RemembersOf(StoredClient client)
    {
        var remembers = new RememberRequests(client.Id, stage.Key, _sequence);
        _remembers.Add(remembers);
        return remembers;
    }
}
