namespace Actors.Bench.Http;

/// <summary>
/// The first recall of a client, which reads the session into memory. Each client is asked once, so a measurement lasts until
/// all of its clients were asked, however long it is meant to last.
/// </summary>
internal sealed class FirstTouchBench(HttpStage stage, int rounds) : IHttpBench
{
    private const int ClientsPerMeasurement = 32;
    private const int FewEvents = 500;
    private const int ManyEvents = 50_000;

    // Until the code that reads sessions is compiled as it stays; else that is what would be measured.
    private const int ClientsToWarmUp = 200;

    private readonly InventedText _text = new();

    public async Task<Series[]> PrepareAsync()
    {
        var clients = new StoredClients(stage.Database, _text);
        var levels = HttpBench.Connections;
        var few = Questions(await clients.StoreAsync("few", Comparison.RunsOf(levels.Length, rounds) * ClientsPerMeasurement, FewEvents));
        var many = Questions(await clients.StoreAsync("many", Comparison.RunsOf(1, rounds), ManyEvents));
        var first = await clients.StoreAsync("first", ClientsToWarmUp, FewEvents);
        await clients.SettleAsync();
        await stage.TouchAsync(_text.Questions(first, first.Length));
        return
        [
            // First: it warms up what the short ones would still be compiling.
            new("recall, first touch, 50,000 events", new Level(1, new Contender("service", _ => TouchAsync(many, 1, 1)))),
            new("recall, first touch, 500 events", [.. levels.Select(connections => new Level(
                connections, new Contender("service", _ => TouchAsync(few, ClientsPerMeasurement, connections))))]),
        ];
    }

    public Task<string> VerifyAsync() => Task.FromResult("every client was asked once");

    private Queue<(string ClientId, string Text)> Questions(StoredClient[] clients) => new(_text.Questions(clients, clients.Length));

    private Task<Measurement> TouchAsync(Queue<(string ClientId, string Text)> questions, int clients, int connections) =>
        HttpLoad.RunToEndAsync(stage.Service.Address, FirstRecalls.Load(connections, stage.Key, [.. Enumerable.Range(0, clients).Select(_ => questions.Dequeue())]));
}
