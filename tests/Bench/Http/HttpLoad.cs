using System.Diagnostics;
using System.Net;

namespace Actors.Bench.Http;

/// <summary>Requests of one connection, one after the other: the next is made when the one before is answered.</summary>
internal interface IRequests
{
    /// <summary>What the request made last is, where a load has several kinds; null: there is one kind only.</summary>
    string? Kind => null;

    /// <summary>Looks for a next request; false: there is none any more.</summary>
    bool HasNext() => true;

    /// <summary>The next request's bytes, valid until the next call.</summary>
    ReadOnlySpan<byte> Next();

    /// <summary>Takes the answer.</summary>
    /// <exception cref="InvalidDataException">It is not what the request asked for; ends the measurement.</exception>
    void Take(HttpAnswer answer);
}

/// <summary>Closed-loop load: each connection has a thread, which sends its next request as soon as the last one is answered.</summary>
internal static class HttpLoad
{
    /// <summary>Loads a server for some time. Requests that are under way at the end are waited for, but not measured.</summary>
    /// <param name="address">Where the server listens.</param>
    /// <param name="connections">What each connection sends.</param>
    /// <param name="duration">How long.</param>
    public static async Task<Measurement> RunAsync(IPEndPoint address, IReadOnlyList<IRequests> connections, TimeSpan duration)
    {
        var results = await LoopsAsync(address, connections, duration);
        return Measurement.Of(duration.TotalSeconds, [.. results.SelectMany(loop => loop.Answered)]);
    }

    /// <summary>Loads a server until there are no more requests.</summary>
    /// <param name="address">Where the server listens.</param>
    /// <param name="connections">What each connection sends.</param>
    public static async Task<Measurement> RunToEndAsync(IPEndPoint address, IReadOnlyList<IRequests> connections)
    {
        var results = await LoopsAsync(address, connections, TimeSpan.FromDays(1));
        return Measurement.Of(results.Max(loop => loop.Seconds), [.. results.SelectMany(loop => loop.Answered)]);
    }

    private sealed record LoopResult(double Seconds, List<AnsweredRequest> Answered);

    private static async Task<LoopResult[]> LoopsAsync(IPEndPoint address, IReadOnlyList<IRequests> connections, TimeSpan limit)
    {
        using var start = new Barrier(connections.Count);
        return await Task.WhenAll(connections.Select(requests => Task.Factory.StartNew(
            () => Loop(address, requests, limit, start), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    private static LoopResult Loop(IPEndPoint address, IRequests requests, TimeSpan limit, Barrier start)
    {
        var answered = new List<AnsweredRequest>(4_096);
        using var connection = Connect(address, start);
        var started = Stopwatch.GetTimestamp();
        var end = started + (long)(limit.TotalSeconds * Stopwatch.Frequency);
        while (requests.HasNext())
        {
            var request = requests.Next();
            var sent = Stopwatch.GetTimestamp();
            var answer = connection.Send(request);
            var received = Stopwatch.GetTimestamp();
            requests.Take(answer);
            if (received > end)
            {
                break;
            }

            answered.Add(new AnsweredRequest(requests.Kind, (int)Stopwatch.GetElapsedTime(sent, received).TotalMicroseconds));
        }

        return new LoopResult(Stopwatch.GetElapsedTime(started).TotalSeconds, answered);
    }

    // Whoever fails must not keep the others waiting.
    private static HttpConnection Connect(IPEndPoint address, Barrier start)
    {
        try
        {
            return new HttpConnection(address);
        }
        finally
        {
            start.SignalAndWait();
        }
    }
}
