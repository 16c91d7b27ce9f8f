using System.ComponentModel;
using System.Text.Json.Serialization;
using Actors.OpenApi;
using Actors.Sessions;

namespace Actors.Changes;

[Description("One change of an event or a fact.")]
internal sealed record ChangeView(
    [Description("The cursor after it, for `after`.")] string Cursor,
    [Description("Its number in the log: unique, and for one client in the order of commits, but for `expired`.")] long Seq,
    [Description("What was done."), ValuesOf(typeof(ChangeView), nameof(ChangeView.Operations))] string Operation,
    [Description("To what."), ValuesOf(typeof(ChangeView), nameof(ChangeView.Kinds))] string Kind,
    [Description("Id of the event.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? MemoryId,
    [Description("Id of the fact.")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? FactId,
    [Description("Whose it was; null: the house's, which admins see. What moves from client to client is changed for both.")] string? ClientId,
    [Description("When it was written, by the clock of Postgres.")] DateTimeOffset ChangedAt,
    [Description("Who wrote it: the service, or somebody else by SQL."), ValuesOf(typeof(ChangeView), nameof(ChangeView.Writers))] string By,
    [Description("The event or fact as it is now, as its own route answers with it; null: it is gone, or belongs to a client now that the key may not see.")] RawJson? Memory)
{
    public static IReadOnlyList<string> Operations => ChangeNames.Operations;

    public static IReadOnlyList<string> Kinds => ChangeNames.Kinds;

    public static IReadOnlyList<string> Writers => ChangeNames.Writers;

    public static ChangeView Of(Change change) => new(
        change.Cursor,
        change.Seq,
        ChangeNames.Of(change.Operation),
        ChangeNames.Of(change.Kind),
        change.Kind == ChangedKind.Event ? change.Id : null,
        change.Kind == ChangedKind.Fact ? change.Id : null,
        change.ClientId,
        change.ChangedAt,
        ChangeNames.WriterOf(change.IsBySql),
        change.MemoryJson is { } json ? new RawJson(json) : null);
}

[Description("One page of changes. The feed never ends: there is always a next page, be it empty for now.")]
internal sealed record ChangeList(
    [Description("In order.")] ChangeView[] Items,
    [Description("What `after` of the next page is.")] string NextCursor,
    [Description("Whether there are more changes already. May be true for an empty page, when the log was looked through so far.")] bool HasMore)
{
    public static ChangeList Of(ChangePage page) => new([.. page.Changes.Select(ChangeView.Of)], page.Next, page.HasMore);
}
