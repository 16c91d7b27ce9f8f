using System.Collections.Immutable;
using System.Text.Json;
using Actors.Http;
using Actors.Sessions;

namespace Actors.Access;

/// <summary>Reads requests about keys.</summary>
internal static class KeyBinding
{
    public const int MaxPerMinute = 1_000_000;
    public const int DefaultPage = 50;
    public const int MaxPage = 500;
    public const int MaxCursorLength = 64;

    public static NewKey New(JsonElement element, KeySecret secret)
    {
        var faults = new Faults();
        var body = JsonObjectReader.For(element, "", faults);
        faults.ThrowIfAny();
        var key = new NewKey(
            body!.Text("name", NewKey.MaxNameLength, required: true) ?? "",
            body.Choice("role", RoleNames.RoleOf, RoleNames.All) ?? CallerRole.Agent,
            Clients(body) ?? [],
            body.Integer("rate_limit_per_minute", 1, MaxPerMinute),
            body.Time("expires_at"),
            secret.Hash.ToBytes(),
            secret.Shown);
        body.RefuseOthers();
        faults.ThrowIfAny();
        return key;
    }

    /// <summary>What is not there stays; null takes a limit or an end away.</summary>
    public static KeyChange Change(JsonElement element)
    {
        var faults = new Faults();
        var body = JsonObjectReader.For(element, "", faults);
        faults.ThrowIfAny();
        var change = new KeyChange(
            body!.Has("name") ? body.Text("name", NewKey.MaxNameLength, required: true) : null,
            Clients(body),
            body.Has("rate_limit_per_minute") ? new OptionalLimit(body.Integer("rate_limit_per_minute", 1, MaxPerMinute)) : null,
            body.Has("expires_at") ? new OptionalEnd(body.Time("expires_at")) : null,
            body.Flag("disabled"));
        body.RefuseOthers();
        faults.ThrowIfAny();
        return change;
    }

    public static (int Limit, Guid? After) Page(IQueryCollection parameters)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var cursor = query.Text("cursor", MaxCursorLength);
        var after = Guid.TryParseExact(cursor, "N", out var id) ? id : (Guid?)null;
        if (cursor is not null && after is null)
        {
            query.Fault("cursor", "must be a next_cursor of this list");
        }

        var limit = query.Integer("limit", 1, MaxPage) ?? DefaultPage;
        query.RefuseOthers();
        faults.ThrowIfAny();
        return (limit, after);
    }

    public static string Cursor(Guid after) => after.ToString("N");

    // Null: not given. Ids may be written as whole numbers, as everywhere.
    private static ImmutableArray<string>? Clients(JsonObjectReader body)
    {
        if (!body.Has("client_ids"))
        {
            return null;
        }

        if (body.Any("client_ids") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() > NewKey.MaxClientIds)
        {
            body.Fault("client_ids", $"must be an array of at most {NewKey.MaxClientIds} client ids");
            return null;
        }

        var ids = ImmutableArray.CreateBuilder<string>();
        foreach (var (index, element) in list.EnumerateArray().Index())
        {
            if (ClientIds.Of(element) is { } id)
            {
                ids.Add(id);
            }
            else
            {
                body.FaultAt("client_ids", index, ClientIds.Expected);
            }
        }

        return [.. ids.Distinct(StringComparer.Ordinal)];
    }
}
