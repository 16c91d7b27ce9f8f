namespace Actors.Bench.Http;

/// <summary>
/// Recall of a client with 500 and of one with 50,000 events. Each answer must say by itself whether it was repeated or
/// computed.
/// </summary>
internal sealed class RecallBench(HttpStage stage) : IHttpBench
{
    private const int QuestionsAsked = 20_000;
    private const int QuestionsSampled = 101;

    private readonly InventedText _text = new();

    public async Task<Series[]> PrepareAsync()
    {
        var clients = new StoredClients(stage.Database, _text);
        var few = await clients.StoreAsync("few", 1, 500);
        var many = await clients.StoreAsync("many", 1, 50_000);
        await clients.SettleAsync();
        var samples = _text.Questions(few, QuestionsSampled);
        var repeated = new RecallQuestions(RecallQuestions.Repeated, samples[..1]);
        var distinct = new RecallQuestions(RecallQuestions.Computed, _text.Questions(few, QuestionsAsked));
        var distinctOfMany = new RecallQuestions(RecallQuestions.Computed, _text.Questions(many, QuestionsAsked));
        await AskAsync(samples[0]);
        var endpoint = await stage.StartEndpointAsync(new Dictionary<string, byte[]>
        {
            ["repeated"] = await AskAsync(samples[0]),
            ["distinct"] = await TypicalAnswerAsync(samples[1..]),
            ["distinct-of-many"] = await TypicalAnswerAsync(_text.Questions(many, QuestionsSampled)),
        });
        return
        [
            Against("recall, repeated query", endpoint, "repeated", repeated, _ => new Bar(BarKind.PerSecondAtLeast, BenchHost.RepeatedRecallBar)),
            Against("recall, distinct queries, 500 events", endpoint, "distinct", distinct, _ => new Bar(BarKind.PerSecondAtLeast, BenchHost.DistinctRecallBar)),
            Against(
                "recall, distinct queries, 50,000 events", endpoint, "distinct-of-many", distinctOfMany,
                connections => connections == 8 ? new Bar(BarKind.P99AtMost, 10) : null),
        ];
    }

    // RecallRequests looks at each answer as it comes.
    public Task<string> VerifyAsync() => Task.FromResult("every recall was answered, repeated or computed as it should be");

    private Series Against(string name, ServerProcess endpoint, string answer, RecallQuestions questions, Func<int, Bar?> barOf) =>
        new(name, [.. HttpBench.Connections.Select(connections => new Level(
            connections,
            Contender("endpoint", endpoint, questions.Load(connections, stage.Key, RecallEndpoint.PathOf(answer))),
            Contender("service", stage.Service, questions.Load(connections, stage.Key), barOf(connections))))]);

    private static Contender Contender(string name, ServerProcess server, RecallRequests[] load, Bar? bar = null) =>
        new(name, duration => HttpLoad.RunAsync(server.Address, load, duration), bar);

    private Task<byte[]> AskAsync((string ClientId, string Text) question) => stage.GetAsync(RecallQuestions.PathOf(question.ClientId, question.Text));

    // Of median length.
    private async Task<byte[]> TypicalAnswerAsync(IReadOnlyCollection<(string ClientId, string Text)> samples)
    {
        var answers = new List<byte[]>();
        foreach (var question in samples)
        {
            answers.Add(await AskAsync(question));
        }

        return answers.OrderBy(answer => answer.Length).ElementAt(answers.Count / 2);
    }
}
