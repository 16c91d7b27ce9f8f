using System.Globalization;

namespace Actors.Bench.Http;

/// <summary>Remembers one memory after the other, for clients in turn.</summary>
/// <param name="clientIds">The clients.</param>
/// <param name="key">The API key.</param>
/// <param name="sequence">Numbers the memories.</param>
/// <param name="salience">How important they are; from <see cref="Important"/> on, facts are looked for in them.</param>
internal sealed class RememberRequests(IReadOnlyList<string> clientIds, string key, Sequence sequence, double salience = RememberRequests.Usual) : IRequests
{
    /// <summary>What a memory has unless it has something to it.</summary>
    public const double Usual = 0.5;

    public const double Important = 0.8;

    public const string Content = "Ada prefers calls before noon, and the draft report for the audit goes to the board on 14 March, says message";

    private readonly NumberedRequest[] _requests =
    [
        .. clientIds.Select(clientId => new NumberedRequest(
            RequestBytes.Post(
                "/api/v1/memory/remember", key, $$"""{"client_id":"{{clientId}}","salience_score":{{salience.ToString(CultureInfo.InvariantCulture)}},"content":"{{Content}} {{NumberedRequest.Slot}}"}"""),
            sequence)),
    ];

    private int _next;

    public RememberRequests(string clientId, string key, Sequence sequence, double salience = Usual)
        : this([clientId], key, sequence, salience)
    {
    }

    /// <summary>Whose the first memory is.</summary>
    public string ClientId => clientIds[0];

    /// <summary>Requests of this connection, over all measurements.</summary>
    public int Acknowledged { get; private set; }

    public ReadOnlySpan<byte> Next() => _requests[_next++ % _requests.Length].Next();

    public void Take(HttpAnswer answer)
    {
        answer.Expect(201);
        Acknowledged++;
    }
}

/// <summary>Nine recalls, then a remember, and so on.</summary>
/// <param name="recalls">Of the client.</param>
/// <param name="remembers">For the client.</param>
/// <param name="turn">Which of the ten comes first, so that not all connections remember at once.</param>
internal sealed class MixedRequests(RecallRequests recalls, RememberRequests remembers, int turn) : IRequests
{
    public const string Recalls = "recalls";
    public const string Remembers = "remembers";

    private const int Cycle = 10;

    private int _turn = turn;

    public string Kind => IsRemember ? Remembers : Recalls;

    private bool IsRemember => _turn % Cycle == 0;

    public ReadOnlySpan<byte> Next()
    {
        _turn++;
        return IsRemember ? remembers.Next() : recalls.Next();
    }

    public void Take(HttpAnswer answer)
    {
        if (IsRemember)
        {
            remembers.Take(answer);
        }
        else
        {
            recalls.Take(answer);
        }
    }
}

/// <summary>States one fact after the other for a client, each about a subject of its own.</summary>
internal sealed class FactCreateRequests(string clientId, string content, string key, Sequence sequence) : IRequests
{
    private readonly NumberedRequest _request = new(
        RequestBytes.Post(
            "/api/v1/memory/facts",
            key,
            $$"""{"client_id":"{{clientId}}","subject_type":"person","subject_id":"{{clientId}}-{{NumberedRequest.Slot}}","fact_type":"work_hours","content":"{{content}} {{NumberedRequest.Slot}}"}"""),
        sequence);

    /// <summary>Requests of this connection, over all measurements.</summary>
    public int Acknowledged { get; private set; }

    public ReadOnlySpan<byte> Next() => _request.Next();

    public void Take(HttpAnswer answer)
    {
        answer.Expect(201);
        Acknowledged++;
    }
}

/// <summary>Changes a fact, then the fact that took its place, and so on.</summary>
internal sealed class FactChangeRequests(string factId, string content, string key, Sequence sequence) : IRequests
{
    private const int IdLength = 36;
    private const string Path = "/api/v1/memory/facts/";

    private static readonly byte[] IdMember = "\"fact_id\":\""u8.ToArray();
    private static readonly int IdSlot = "POST ".Length + Path.Length;

    private readonly NumberedRequest _request = new(
        RequestBytes.Post($"{Path}{factId}/update", key, $$"""{"content":"{{content}} {{NumberedRequest.Slot}}"}"""), sequence);

    /// <summary>Requests of this connection, over all measurements.</summary>
    public int Acknowledged { get; private set; }

    public ReadOnlySpan<byte> Next() => _request.Next();

    public void Take(HttpAnswer answer)
    {
        answer.Expect(200);
        Acknowledged++;
        answer.Body.Slice(answer.Body.IndexOf(IdMember) + IdMember.Length, IdLength).CopyTo(_request.Bytes.AsSpan(IdSlot));
    }
}
