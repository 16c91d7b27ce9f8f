using System.Text;

namespace Actors.Bench.Http;

/// <summary>
/// Recall of a client with 500 and of one with 50,000 events. Each answer must say by itself whether it was repeated or
/// computed.
/// </summary>
internal sealed class RecallBench(HttpStage stage) : IHttpBench
{
    private const string RecallPath = "/api/v1/memory/recall";
    private const string Few = "few";
    private const string Many = "many";
    private const int QuestionsAsked = 20_000;
    private const int QuestionsSampled = 101;
    private const int EventsPerBatch = 1_000;

    private readonly InventedText _text = new();

    /// <param name="ClientId">Whom they are asked of.</param>
    /// <param name="Texts">Asked in turn.</param>
    /// <param name="Mark">What every answer says.</param>
    private sealed record Questions(string ClientId, string[] Texts, string Mark)
    {
        /// <summary>Shared by all who ask, or the first questions of the next would be repeated ones.</summary>
        public Sequence Sequence { get; } = new();
    }

    public async Task<Series[]> PrepareAsync()
    {
        var few = await RememberAsync(Few, 500);
        var many = await RememberAsync(Many, 50_000);
        var samples = _text.Questions(few, QuestionsSampled);
        var repeated = new Questions(Few, samples[..1], "\"cached\":true");
        var distinct = new Questions(Few, _text.Questions(few, QuestionsAsked), "\"cached\":false");
        var distinctOfMany = new Questions(Many, _text.Questions(many, QuestionsAsked), distinct.Mark);
        await AskAsync(samples[0]);
        var endpoint = await stage.StartEndpointAsync(new Dictionary<string, byte[]>
        {
            ["repeated"] = await AskAsync(samples[0]),
            ["distinct"] = await TypicalAnswerAsync(samples),
        });
        return
        [
            new("recall, repeated query", [.. HttpBench.Connections.Select(connections => new Level(
                connections,
                Contender("endpoint", endpoint, RecallEndpoint.PathOf("repeated"), repeated, connections),
                Contender("service", stage.Service, RecallPath, repeated, connections, new Bar(BarKind.PerSecondAtLeast, BenchHost.RepeatedRecallBar))))]),
            new("recall, distinct queries, 500 events", [.. HttpBench.Connections.Select(connections => new Level(
                connections,
                Contender("endpoint", endpoint, RecallEndpoint.PathOf("distinct"), distinct, connections),
                Contender("service", stage.Service, RecallPath, distinct, connections, new Bar(BarKind.PerSecondAtLeast, BenchHost.DistinctRecallBar))))]),
            new("recall, distinct queries, 50,000 events", new Level(
                8, Contender("service", stage.Service, RecallPath, distinctOfMany, 8, new Bar(BarKind.P99AtMost, 10)))),
        ];
    }

    // RecallRequests looks at each answer as it comes.
    public Task<string> VerifyAsync() => Task.FromResult("every recall was answered, repeated or computed as it should be");

    private Contender Contender(string name, ServerProcess server, string path, Questions questions, int connections, Bar? bar = null)
    {
        var requests = questions.Texts.Select(text => RequestBytes.Get($"{path}?{Query(questions.ClientId, text)}", stage.Key)).ToArray();
        var mark = Encoding.ASCII.GetBytes(questions.Mark);
        var load = Enumerable.Range(0, connections).Select(_ => new RecallRequests(requests, questions.Sequence, mark)).ToArray();
        return new Contender(name, duration => HttpLoad.RunAsync(server.Address, load, duration), bar);
    }

    private async Task<string[]> RememberAsync(string clientId, int count)
    {
        var sentences = Enumerable.Range(0, count).Select(_ => _text.Sentence()).ToArray();
        foreach (var batch in sentences.Chunk(EventsPerBatch))
        {
            Progress.Show($"Remembering {count:N0} events");
            await stage.PostAsync("/api/v1/memory/remember/batch", new { client_id = clientId, items = batch.Select(content => new { content }) });
        }

        return sentences;
    }

    private Task<byte[]> AskAsync(string question) => stage.GetAsync($"{RecallPath}?{Query(Few, question)}");

    // Of median length.
    private async Task<byte[]> TypicalAnswerAsync(string[] samples)
    {
        var answers = new List<byte[]>();
        foreach (var question in samples[1..])
        {
            answers.Add(await AskAsync(question));
        }

        return answers.OrderBy(answer => answer.Length).ElementAt(answers.Count / 2);
    }

    private static string Query(string clientId, string question) => $"client_id={clientId}&query={Uri.EscapeDataString(question)}";
}
