using System.Text.Json.Nodes;
using Actors.Api;
using Actors.OpenApi;
using Actors.Sessions;

namespace Actors.Access;

/// <summary>What the routes of <see cref="KeyApi"/> do, and what their requests hold, as <see cref="KeyBinding"/> reads it.</summary>
internal static class KeyDocs
{
    private const string Key =
        """
        {"key_id":"01a204c1-fdad-77e9-aaf4-f9c3bd0985d8","prefix":"pm_HouBDeN7","name":"Ada's assistant","role":"agent","client_ids":["1","2"],
         "rate_limit_per_minute":null,"expires_at":null,"disabled_at":null,"last_used_at":null,"created_at":"2026-11-22T19:35:51.981664+00:00"}
        """;

    private static readonly RouteTag Tag = new("Keys", "API keys: who may do what. For admins.");

    private static readonly Exception[] NoSuchKey = [new NotFoundException("There is no such key.")];

    private static readonly Exception AdminWithClients = new KeyRefusedException(
        "admin_key_with_clients", "An admin key reaches all clients: leave client_ids empty, or take another role.");

    public static RouteDoc Create { get; } = new(
        "createKey", Tag, "Make a key", "The answer is the only one that holds its secret. With an Idempotency-Key the request needs the header Authorization, not a browser's cookie.")
    {
        Body = new(
            Schemas.Object("NewKey", Name with { IsRequired = true }, Role, ClientIdList with { Default = "[]" }, RateLimit, ExpiresAt),
            ("agent", """{"name":"Ada's assistant","client_ids":["1","2"]}"""),
            ("reader", """{"name":"reports","role":"reader","client_ids":["1"],"rate_limit_per_minute":600,"expires_at":"2030-01-01T00:00:00Z"}""")),
        Answers =
        [
            AnswerDoc.Json<CreatedKeyAnswer>(201, "The key with its secret.", """
                {"key_id":"01a204c1-fdad-77e9-aaf4-f9c3bd0985d8","key":"pm_HouBDeN7mzBvTnXoUhSgd2Jq9h3kVwYp0aRcLxEt5fi","prefix":"pm_HouBDeN7",
                 "name":"Ada's assistant","role":"agent","client_ids":["1","2"],"rate_limit_per_minute":null,"expires_at":null,
                 "created_at":"2026-11-22T19:35:51.981664+00:00"}
                """),
        ],
        Refusals =
        [
            new KeyRefusedException("expires_in_the_past", "expires_at must be in the future."),
            AdminWithClients,
            new KeyRefusedException("too_many_keys", "There are 10,000 keys already; delete those that are not used."),
        ],
    };

    public static RouteDoc List { get; } = new("listKeys", Tag, "List keys", "Newest first, page by page, without their secrets.")
    {
        Parameters =
        [
            new Field("limit", Schemas.Integer(1, KeyBinding.MaxPage), "Most keys on the page.", 20) { Default = KeyBinding.DefaultPage },
            new Field("cursor", Schemas.Text(KeyBinding.MaxCursorLength), "The `next_cursor` of the page before.", KeyBinding.Cursor(Guid.AllBitsSet)),
        ],
        Answers = [AnswerDoc.Json<KeyList>(200, "One page.", $$"""{"items":[{{Key}}],"next_cursor":null}""")],
    };

    public static RouteDoc Get { get; } = new("getKey", Tag, "One key", "Without its secret, which is kept nowhere.")
    {
        Parameters = [Id],
        Answers = [AnswerDoc.Json<KeyAnswer>(200, "The key.", Key)],
        Refusals = NoSuchKey,
    };

    public static RouteDoc Change { get; } = new(
        "changeKey", Tag, "Change or disable a key", "What is not named stays; null takes a limit or an end away. The process that answers acts on it at once, others within a second.")
    {
        Parameters = [Id],
        Body = new(
            Schemas.Object(
                "KeyChange",
                Name with { IsNullable = false },
                ClientIdList,
                RateLimit,
                ExpiresAt,
                new Field("disabled", Schemas.Flag, "True: refuses the key, and ends browser sessions made with it; false: lets it in again.", true)),
            ("disable", """{"disabled":true}"""),
            ("unlimited", """{"name":"Ada's assistant","client_ids":["1"],"rate_limit_per_minute":null,"expires_at":null}""")),
        Answers = [AnswerDoc.Json<KeyAnswer>(200, "The key as it is now.", Key)],
        Refusals = [.. NoSuchKey, AdminWithClients],
    };

    public static RouteDoc Delete { get; } = new("deleteKey", Tag, "Delete a key", "For good; to refuse it for a while, disable it.")
    {
        Parameters = [Id],
        Answers = [new AnswerDoc(204, "Deleted.")],
        Refusals = NoSuchKey,
    };

    private static Field Id => new("id", Schemas.Id, "Id of the key.", "01a204c1-fdad-77e9-aaf4-f9c3bd0985d8");

    private static Field Name => new("name", Schemas.NotBlank(NewKey.MaxNameLength), "For people, and the actor in the histories of what it writes.", "Ada's assistant");

    private static Field Role => new("role", Schemas.OneOf(RoleNames.All), "What it may do: `agent` reads and writes, `reader` reads, `admin` does everything.", "agent") { Default = "agent" };

    private static Field ClientIdList => new(
        "client_ids",
        Schemas.ListOf(ClientIds.InBody, 0, NewKey.MaxClientIds),
        "Whose data it reaches; they need not exist yet. None for admins, who reach all.",
        new JsonArray("1", "2")) { IsNullable = false };

    private static Field RateLimit => new("rate_limit_per_minute", Schemas.Integer(1, KeyBinding.MaxPerMinute), "Requests a minute. Null: the service's default.", 600);

    private static Field ExpiresAt => new("expires_at", Schemas.Time, "End of its life, in the future. Null: none.", "2030-01-01T00:00:00Z");
}
