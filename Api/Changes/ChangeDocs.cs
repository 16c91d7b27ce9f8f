using Actors.OpenApi;
using Actors.Sessions;

namespace Actors.Changes;

/// <summary>What the route of <see cref="ChangeApi"/> does, and what its requests hold, as <see cref="ChangeBinding"/> reads it.</summary>
internal static class ChangeDocs
{
    private const string Change =
        """
        {"cursor":"AYQbJ0xkF3yKkAgBAtwDAAA","seq":238,"operation":"created","kind":"event","memory_id":"01a204c1-fdad-77e9-aaf4-f9c3bd0985d8",
         "client_id":"1","changed_at":"2026-11-26T09:30:00.123456+00:00","by":"service",
         "memory":{"memory_id":"01a204c1-fdad-77e9-aaf4-f9c3bd0985d8","client_id":"1","content":"The audit is due in March.","memory_type":"event",
         "memory_scope":"user","salience_score":0.5,"conversation_id":null,"speaker":null,"run_id":null,"occurred_at":"2026-11-26T09:30:00.12+00:00",
         "created_at":"2026-11-26T09:30:00.12+00:00","expires_at":null,"promoted_to_fact_id":null,"metadata":{}}}
        """;

    public static RouteTag Tag { get; } = new("Changes", "What becomes of events and facts, in order: to follow, and sent to webhooks.");

    public static RouteDoc Read { get; } = new(
        "listChanges", Tag, "Follow the changes",
        "Every change of events and facts of the key's clients, whoever made it: each once, those of one client in the order of their commits (`expired` in that of its memory), without gaps across reconnects and restarts. "
        + "An admin's key gets those of all clients, and of the house. With `Accept: text/event-stream` the changes come as server-sent events named `change`, whose `id` is the cursor after them; "
        + "the header `Last-Event-ID` wins over `after`. More in `docs/changes.md`.")
    {
        Parameters =
        [
            new Field("after", Schemas.Text(ChangeFeedRequest.MaxCursorLength), "A cursor: the `next_cursor` of a page, or that of a change. `now`: from the end. Absent: from the oldest change that is kept.", "now")
            {
                IsFilledIn = false,
            },
            new Field("client_id", ClientIds.InQuery, "Only changes of this client.", "1"),
            new Field("limit", Schemas.Integer(1, ChangeFeedRequest.MaxLimit), "Most changes on the page.", 20) { Default = ChangeApi.DefaultPage },
            new Field("wait", Schemas.Integer(0, (int)ChangeFeedRequest.LongestWait.TotalSeconds), "Seconds to wait for a change when there is none. Of a page only: a stream always waits.", 1)
            {
                Default = 0,
                IsFilledIn = false,
            },
        ],
        Answers =
        [
            AnswerDoc.Json<ChangeList>(200, "One page; or the stream.", $$"""{"items":[{{Change}}],"next_cursor":"AYQbJ0xkF3yKkAgBAtwDAAA","has_more":false}""") with
            {
                Stream = $"retry: 1000\n\nid: AYQbJ0xkF3yKkAgBAtwDAAA\nevent: change\ndata: {Change.ReplaceLineEndings("")}\n\n: heartbeat\nid: AYQbJ0xkF3yKkggBAtwDAAA\n\n",
            },
        ],
        Refusals =
        [
            new CursorExpiredException("Changes after the cursor are no longer kept."),
            new TooManyStreamsException(100),
        ],
    };
}
