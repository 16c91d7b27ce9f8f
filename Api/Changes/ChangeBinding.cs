using Actors.Http;
using Actors.Sessions;

namespace Actors.Changes;

/// <summary>Reads requests for the change feed.</summary>
internal static class ChangeBinding
{
    public const string LastEventId = "Last-Event-ID";

    public const string ExpectedCursor = "must be a cursor of this feed, or now";

    private const string EventStream = "text/event-stream";

    /// <summary>The request without what the key may see, and where its cursor came from.</summary>
    public static (ChangeFeedRequest Request, string CursorIn) Read(HttpRequest http)
    {
        var faults = new Faults();
        var query = new QueryReader(http.Query, faults);
        var after = query.Text("after", ChangeFeedRequest.MaxCursorLength);
        var request = new ChangeFeedRequest(
            after,
            new([]),
            ClientIds.Of(query, required: false),
            query.Integer("limit", 1, ChangeFeedRequest.MaxLimit) ?? ChangeApi.DefaultPage,
            TimeSpan.FromSeconds(query.Integer("wait", 0, (int)ChangeFeedRequest.LongestWait.TotalSeconds) ?? 0));
        query.RefuseOthers();
        faults.ThrowIfAny();
        // What an EventSource sends by itself when it connects again, to the address it had at first.
        var last = http.Headers[LastEventId].ToString();
        return last.Length > 0 ? (request with { After = last }, $"header:{LastEventId}") : (request, "query:after");
    }

    /// <summary>Whether a stream is asked for.</summary>
    public static bool AcceptsStream(HttpRequest http) => http.Headers.Accept.ToString().Contains(EventStream, StringComparison.OrdinalIgnoreCase);
}
