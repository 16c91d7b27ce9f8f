using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Actors.Api.Tests.Changes;

/// <summary>A server-sent event; without data it is a heartbeat.</summary>
internal sealed record StreamEvent(string Id, string Name, JsonNode? Data);

/// <summary>Reads the change feed as a stream, by the rules of server-sent events.</summary>
internal static class EventStream
{
    /// <summary>The events of one connection, until it ends or nobody reads on.</summary>
    /// <param name="client">With the key.</param>
    /// <param name="query">Of the feed, such as <c>?after=now</c>.</param>
    /// <param name="lastEventId">What to go on after; null: the start.</param>
    /// <param name="cancellationToken">Breaks the connection.</param>
    public static async IAsyncEnumerable<StreamEvent> StreamAsync(
        this HttpClient client, string query, string? lastEventId = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/memory/changes{query}");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var (id, name, data) = ("", "message", "");
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            switch (line.Split(": ", 2))
            {
                case ["id", var value]:
                    id = value;
                    break;
                case ["event", var value]:
                    name = value;
                    break;
                case ["data", var value]:
                    data += value;
                    break;
                case [""] when id.Length > 0:
                    yield return new StreamEvent(id, name, data.Length > 0 ? JsonNode.Parse(data) : null);
                    (name, data) = ("message", "");
                    break;
                default:
                    break;
            }
        }
    }
}
