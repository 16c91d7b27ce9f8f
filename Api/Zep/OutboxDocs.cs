using Actors.Api;
using Actors.Changes;
using Actors.Http;
using Actors.OpenApi;
using Actors.Sessions;

namespace Actors.Zep;

/// <summary>What the routes of <see cref="OutboxApi"/> do.</summary>
internal static class OutboxDocs
{
    private const string Id = "01a204c1-fdad-77e9-aaf4-f9c3bd0985d8";

    private const string Row =
        $$"""
        {"outbox_id":"{{Id}}","destination":"zep","client_id":"1","kind":"event","memory_id":"01a20464-5b29-7bf9-8186-b9183285f4f2","state":"failed",
         "attempts":8,"next_attempt_at":null,"last_error":"refused: HTTP 400","failed_at":"2026-11-26T09:40:00+00:00","created_at":"2026-11-26T09:30:00+00:00"}
        """;

    private const string Again =
        $$"""
        {"outbox_id":"{{Id}}","destination":"zep","client_id":"1","kind":"event","memory_id":"01a20464-5b29-7bf9-8186-b9183285f4f2","state":"waiting",
         "attempts":0,"next_attempt_at":null,"last_error":"refused: HTTP 400","failed_at":null,"created_at":"2026-11-26T09:30:00+00:00"}
        """;

    private static readonly RouteTag Tag = new("Outbox", "What waits to be sent to services outside, and what they refused. For admins.");

    private static readonly Exception NoSuchRow = new NotFoundException("There is no such row in the outbox.");

    public static RouteDoc List { get; } = new(
        "listOutbox", Tag, "List what is to be sent", "Newest first, without content. What was sent is no longer here. More in `docs/zep.md`.")
    {
        Parameters =
        [
            new("state", Schemas.OneOf(OutboxNames.States), "Only these.", OutboxNames.Failed),
            new("client_id", ClientIds.InQuery, "Only of this client.", "1"),
            new("limit", Schemas.Integer(1, OutboxApi.MaxPage), "Most items on the page.", 20) { Default = OutboxApi.DefaultPage },
            new("cursor", Schemas.Text(IdCursors.MaxLength), "The `next_cursor` of the page before.", IdCursors.Of(Guid.AllBitsSet)),
        ],
        Answers = [AnswerDoc.Json<OutboxList>(200, "One page.", $$"""{"items":[{{Row}}],"next_cursor":null}""")],
    };

    public static RouteDoc Retry { get; } = new(
        "retryOutbox", Tag, "Try a row again", "As if it never was tried, and before all later ones of its client. A delay counts only for rows that are set aside.")
    {
        Parameters = [RowId],
        Body = new(
            Schemas.Object("OutboxRetry", new Field("delay_seconds", Schemas.Integer(0, WebhookBinding.MaxRetryDelay), "After how many seconds.", 60) { Default = 0 }),
            ("at once", "{}"),
            ("later", """{"delay_seconds":60}""")),
        Answers = [AnswerDoc.Json<OutboxView>(202, "The row, which waits.", Again)],
        Refusals = [NoSuchRow],
    };

    public static RouteDoc Delete { get; } = new(
        "deleteOutbox", Tag, "Take a row out", "What it is about stays outside as it is there, until it changes here.")
    {
        Parameters = [RowId],
        Answers = [new AnswerDoc(204, "Taken out.")],
        Refusals = [NoSuchRow, new OutboxRowKeptException()],
    };

    private static Field RowId => new("id", Schemas.Id, "Id of the row.", Id);
}
