using System.Diagnostics;
using System.Net;

namespace Actors.Bench.Http;

/// <summary>Requests of one connection, one after the other: the next is made when the one before is answered.</summary>
internal interface IRequests
{
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
        using var start = new Barrier(connections.Count);
        var results = await Task.WhenAll(connections.Select(requests => Task.Factory.StartNew(
            () => Loop(address, requests, duration, start), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return Measurement.Of(duration.TotalSeconds, [.. results.SelectMany(latencies => latencies)]);
    }

    private static List<int> Loop(IPEndPoint address, IRequests requests, TimeSpan duration, Barrier start)
    {
        var latencies = new List<int>(4_096);
        using var connection = Connect(address, start);
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        while (true)
        {
            var request = requests.Next();
            var sent = Stopwatch.GetTimestamp();
            var answer = connection.Send(request);
            var answered = Stopwatch.GetTimestamp();
            requests.Take(answer);
            if (answered > end)
            {
                return latencies;
            }

            latencies.Add((int)Stopwatch.GetElapsedTime(sent, answered).TotalMicroseconds);
        }
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
