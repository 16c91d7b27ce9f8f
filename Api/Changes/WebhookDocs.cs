using System.Text.Json.Nodes;
using Actors.Api;
using Actors.Http;
using Actors.OpenApi;
using Actors.Sessions;

namespace Actors.Changes;

/// <summary>What the routes of <see cref="WebhookApi"/> do, and what their requests hold, as <see cref="WebhookBinding"/> reads it.</summary>
internal static class WebhookDocs
{
    private const string Id = "01a204c1-fdad-77e9-aaf4-f9c3bd0985d8";

    private const string Webhook =
        $$"""
        {"webhook_id":"{{Id}}","url":"https://agents.example/memory","client_id":"1","events":["fact.created","fact.updated"],"enabled":true,
         "disabled_reason":null,"delivered_at":"2026-11-26T09:30:01.5+00:00","failures":0,"last_error":null,"next_attempt_at":null,
         "created_at":"2026-11-26T09:00:00+00:00","updated_at":"2026-11-26T09:00:00+00:00"}
        """;

    private const string WithSecret =
        $$"""
        {"webhook_id":"{{Id}}","url":"https://agents.example/memory","client_id":"1","events":[],"enabled":true,
         "disabled_reason":null,"secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=","delivered_at":null,"failures":0,"last_error":null,
         "next_attempt_at":null,"created_at":"2026-11-26T09:00:00+00:00","updated_at":"2026-11-26T09:00:00+00:00"}
        """;

    private const string Letter =
        $$"""
        {"letter_id":"{{Id}}","webhook_id":"{{Id}}","seqs":[238,239],"attempts":8,"last_error":"http_500","waiting":false,
         "created_at":"2026-11-26T09:40:00+00:00","tried_at":"2026-11-26T09:40:00+00:00"}
        """;

    private static readonly Exception[] NoSuchWebhook = [new NotFoundException("There is no such webhook.")];
    private static readonly Exception[] NoSuchLetter = [new NotFoundException("There is no such dead letter.")];

    public static RouteDoc Create { get; } = new(
        "createWebhook", ChangeDocs.Tag, "Make a webhook",
        "What changes from now on is sent there, at least once and in order, in requests signed by the Standard Webhooks scheme. The answer is the only one with the secret. More in `docs/changes.md`.")
    {
        Body = new(
            Schemas.Object("NewWebhook", Url with { IsRequired = true }, new Field("client_id", ClientIds.InBody, "Only changes of this client. Null: those of all, and of the house.", "1"), Events),
            ("of a client", """{"url":"https://agents.example/memory","client_id":"1"}"""),
            ("of facts", """{"url":"https://agents.example/facts","events":["fact.created","fact.updated","fact.deleted"]}""")),
        Answers = [AnswerDoc.Json<WebhookView>(201, "The webhook with its secret.", WithSecret)],
        Refusals = [new WebhookRefusedException("too_many_webhooks", $"There are {NewWebhook.MaxWebhooks} webhooks already; delete those that are not used.")],
    };

    public static RouteDoc List { get; } = new("listWebhooks", ChangeDocs.Tag, "List webhooks", "Newest first, without their secrets.")
    {
        Parameters = [Limit, Cursor],
        Answers = [AnswerDoc.Json<WebhookList>(200, "One page.", $$"""{"items":[{{Webhook}}],"next_cursor":null}""")],
    };

    public static RouteDoc Get { get; } = new("getWebhook", ChangeDocs.Tag, "One webhook", "Where it stands; without its secret.")
    {
        Parameters = [WebhookId],
        Answers = [AnswerDoc.Json<WebhookView>(200, "The webhook.", Webhook)],
        Refusals = NoSuchWebhook,
    };

    public static RouteDoc Change { get; } = new(
        "changeWebhook", ChangeDocs.Tag, "Change a webhook",
        "What is not named stays. What changes while it is disabled is sent afterwards, as long as it is kept. A change makes the next attempt due at once.")
    {
        Parameters = [WebhookId],
        Body = new(
            Schemas.Object(
                "WebhookChange",
                Url with { IsNullable = false },
                Events,
                new Field("enabled", Schemas.Flag, "Whether changes are sent.", true),
                new Field("rotate_secret", Schemas.Flag, "True: makes a new secret, told in this answer. For 24 hours requests are signed with both.", true)),
            ("disable", """{"enabled":false}"""),
            ("rotate", """{"rotate_secret":true}""")),
        Answers = [AnswerDoc.Json<WebhookView>(200, "The webhook as it is now.", Webhook)],
        Refusals = NoSuchWebhook,
    };

    public static RouteDoc Delete { get; } = new("deleteWebhook", ChangeDocs.Tag, "Delete a webhook", "With its dead letters.")
    {
        Parameters = [WebhookId],
        Answers = [new AnswerDoc(204, "Deleted.")],
        Refusals = NoSuchWebhook,
    };

    public static RouteDoc ListLetters { get; } = new(
        "listDeadLetters", ChangeDocs.Tag, "List dead letters", "Changes that were given up after all attempts; the feed went on after them.")
    {
        Parameters = [WebhookId, Limit, Cursor],
        Answers = [AnswerDoc.Json<DeadLetterList>(200, "One page.", $$"""{"items":[{{Letter}}],"next_cursor":null}""")],
        Refusals = NoSuchWebhook,
    };

    public static RouteDoc RetryLetter { get; } = new(
        "retryDeadLetter", ChangeDocs.Tag, "Try a dead letter again", "Once, with the memories as they are then. One that is delivered is deleted; another failure stands in the letter.")
    {
        Parameters = [WebhookId, LetterId],
        Body = new(
            Schemas.Object("Retry", new Field("delay_seconds", Schemas.Integer(0, WebhookBinding.MaxRetryDelay), "After how many seconds.", 60) { Default = 0 }),
            ("at once", "{}"),
            ("later", """{"delay_seconds":60}""")),
        Answers = [AnswerDoc.Json<DeadLetterView>(202, "It is tried then.", Letter)],
        Refusals = NoSuchLetter,
    };

    public static RouteDoc DeleteLetter { get; } = new("deleteDeadLetter", ChangeDocs.Tag, "Delete a dead letter", "Its changes stay in the feed.")
    {
        Parameters = [WebhookId, LetterId],
        Answers = [new AnswerDoc(204, "Deleted.")],
        Refusals = NoSuchLetter,
    };

    private static Field WebhookId => new("id", Schemas.Id, "Id of the webhook.", Id);

    private static Field LetterId => new("letter", Schemas.Id, "Id of the dead letter.", Id);

    private static Field Limit => new("limit", Schemas.Integer(1, WebhookBinding.MaxPage), "Most items on the page.", 20) { Default = WebhookBinding.DefaultPage };

    private static Field Cursor => new("cursor", Schemas.Text(IdCursors.MaxLength), "The `next_cursor` of the page before.", IdCursors.Of(Guid.AllBitsSet));

    private static Field Url
    {
        get
        {
            var schema = Schemas.Text(NewWebhook.MaxUrlLength, minLength: 1);
            schema["pattern"] = WebhookBinding.UrlPattern;
            return new("url", schema, "Where to send: https or http. Redirects are not followed.", "https://agents.example/memory");
        }
    }

    private static Field Events => new(
        "events", Schemas.ListOf(Schemas.OneOf(ChangeNames.Events), 0, ChangeNames.Events.Length), "Only these. Empty or null: all.", new JsonArray("fact.created", "fact.updated"));
}
