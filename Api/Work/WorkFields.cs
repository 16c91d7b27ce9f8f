using Actors.Http;
using Actors.OpenApi;
using Actors.Sessions;
using Actors.Storage;

namespace Actors.Work;

/// <summary>What requests about tasks, projects and sprints have in common.</summary>
internal static class WorkFields
{
    public const string Id = "01a204c1-fdad-77e9-aaf4-f9c3bd0985d8";

    public static RouteTag Tag { get; } = new(
        "Work", "Tasks, projects and sprints of a client. Who writes may name the version it is meant for: a route that takes `If-Match` leaves any other as it is.");

    public static Field NewOwner => new("client_id", ClientIds.InBody, "Whose. Null: the key's only client's; the house's, of an admin.", "1");

    public static Field ClientId => new("client_id", ClientIds.InQuery, "Of this client. Null: of all it may see.", "1");

    public static Field Limit => new("limit", Schemas.Integer(1, WorkApi.MaxPage), "Most items on the page.", 20) { Default = WorkApi.DefaultPage };

    public static Field Cursor => new(
        "cursor", Schemas.Text(RowCursor.MaxLength), "The `next_cursor` of the page before.",
        RowCursor.Format(new RowPosition(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), Guid.AllBitsSet)));

    public static Field IdOf(string noun) => new("id", Schemas.Id, $"Id of the {noun}.", Id);

    public static AnswerDoc Deleted => new(204, "Deleted.");
}
