using System.Collections.Concurrent;
using System.Text;

namespace Actors.Bench.Http;

/// <summary>Questions that all connections ask in turn, whoever is next.</summary>
/// <param name="mark">What stands in every answer.</param>
/// <param name="asked">Of whom what is asked.</param>
internal sealed class RecallQuestions(string mark, IReadOnlyList<(string ClientId, string Text)> asked)
{
    public const string Path = "/api/v1/memory/recall";

    /// <summary>Of an answer that the session gave before.</summary>
    public const string Repeated = "\"cached\":true";

    /// <summary>Of an answer that was computed for this request.</summary>
    public const string Computed = "\"cached\":false";

    // Shared by all who ask, or the first questions of the next would be repeated ones.
    private readonly Sequence _sequence = new();

    public static string PathOf(string clientId, string question, string path = Path) =>
        $"{path}?client_id={clientId}&query={Uri.EscapeDataString(question)}";

    /// <summary>The load of some connections.</summary>
    /// <param name="connections">How many.</param>
    /// <param name="key">Opens the server.</param>
    /// <param name="path">The route that is asked.</param>
    public RecallRequests[] Load(int connections, string key, string path = Path)
    {
        var isComputed = mark == Computed;
        var requests = asked.Select(a => RequestBytes.Get(PathOf(a.ClientId, a.Text, path) + (isComputed ? RecallRequests.Lap(0) : ""), key)).ToArray();
        var lapEnd = isComputed ? RequestBytes.Tail(key).Length : (int?)null;
        return [.. Enumerable.Range(0, connections).Select(_ => new RecallRequests(requests, _sequence, Encoding.ASCII.GetBytes(mark), lapEnd))];
    }
}

/// <summary>Asks prepared questions; connections that share the sequence share the questions.</summary>
/// <param name="questions">The requests, asked in turn.</param>
/// <param name="sequence">Says which is next.</param>
/// <param name="mark">What stands in every answer.</param>
/// <param name="lapEnd">How many bytes before a request's end its <see cref="Lap"/> ends; null: it has none.</param>
internal sealed class RecallRequests(byte[][] questions, Sequence sequence, byte[] mark, int? lapEnd) : IRequests
{
    private const int LapLength = 8;

    private readonly byte[] _request = new byte[questions.Max(question => question.Length)];

    /// <summary>
    /// Punctuation that ends a question, different for 256 laps over the questions: none is ever repeated to the letter, and all
    /// laps ask the same.
    /// </summary>
    public static string Lap(int number) => string.Concat(Enumerable.Range(0, LapLength).Select(bit => (number >> bit & 1) == 0 ? '.' : '!'));

    public ReadOnlySpan<byte> Next()
    {
        var number = sequence.Next();
        var question = questions[number % questions.Length];
        if (lapEnd is not { } end || number < questions.Length)
        {
            return question;
        }

        question.CopyTo(_request, 0);
        Encoding.ASCII.GetBytes(Lap(number / questions.Length), _request.AsSpan(question.Length - end - LapLength));
        return _request.AsSpan(0, question.Length);
    }

    public void Take(HttpAnswer answer)
    {
        answer.Expect(200);
        if (answer.Body.LastIndexOf(mark) < 0)
        {
            throw new InvalidDataException($"An answer has no {Encoding.UTF8.GetString(mark)}: {Encoding.UTF8.GetString(answer.Body)}");
        }
    }
}

/// <summary>Asks each question once; connections share them.</summary>
internal sealed class FirstRecalls(ConcurrentQueue<byte[]> questions) : IRequests
{
    private byte[] _next = [];

    /// <summary>The load of some connections that ask of clients nobody has asked of yet.</summary>
    public static FirstRecalls[] Load(int connections, string key, IEnumerable<(string ClientId, string Text)> asked)
    {
        var questions = new ConcurrentQueue<byte[]>(asked.Select(a => RequestBytes.Get(RecallQuestions.PathOf(a.ClientId, a.Text), key)));
        return [.. Enumerable.Range(0, connections).Select(_ => new FirstRecalls(questions))];
    }

    public bool HasNext()
    {
        var hasNext = questions.TryDequeue(out var next);
        _next = next ?? [];
        return hasNext;
    }

    public ReadOnlySpan<byte> Next() => _next;

    public void Take(HttpAnswer answer) => answer.Expect(200);
}
