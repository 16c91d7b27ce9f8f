using Actors.Access;
using Actors.Http;
using Actors.Sessions;

namespace Actors.Facts;

/// <summary>Reads queries of facts.</summary>
internal static class FactQueryBinding
{
    public const int DefaultPage = 50;
    public const int MaxPage = 500;

    /// <summary>Longest cursor, in characters.</summary>
    public const int MaxCursorLength = 64;

    /// <summary>Which facts to list, by their valid time.</summary>
    public static readonly string[] Includes = ["current", "history", "all"];

    /// <exception cref="ForbiddenException">It names a client the key was not issued for.</exception>
    public static FactListRequest List(IQueryCollection parameters, Caller caller)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var clientId = ClientIds.Of(query, required: false);
        var request = new FactListRequest(
            VisibilityOf(caller, clientId),
            FactNames.Of(query, "subject_type"),
            FactNames.Of(query, "subject_id", CreateFactRequest.MaxSubjectIdLength),
            FactNames.Of(query, "fact_type"),
            FactNames.Of(query, "category"),
            FactNames.Of(query, "fact_key"),
            query.Time("as_of"),
            query.Time("known_at"),
            query.Choice("include", name => Array.IndexOf(Includes, name) is >= 0 and var i ? (FactInclude)i : (FactInclude?)null, Includes) ?? FactInclude.Current,
            query.Integer("limit", 1, MaxPage) ?? DefaultPage,
            CursorOf(query, FactCursor.Facts));
        query.RefuseOthers();
        faults.ThrowIfAny();
        EnsureMayRead(caller, clientId);
        return request;
    }

    /// <exception cref="ForbiddenException">It names a client the key was not issued for.</exception>
    public static FactListRequest Subject(HttpContext context, Caller caller)
    {
        var faults = new Faults();
        var (type, id) = SubjectPath.Of(context);
        var query = new QueryReader(context.Request.Query, faults);
        var clientId = ClientIds.Of(query, required: false);
        var request = new FactListRequest(
            VisibilityOf(caller, clientId),
            FactNames.Of(type, "type", CreateFactRequest.MaxNameLength, faults),
            FactNames.Of(id, "id", CreateFactRequest.MaxSubjectIdLength, faults),
            null,
            null,
            null,
            query.Time("as_of"),
            query.Time("known_at"),
            FactInclude.Current,
            query.Integer("limit", 1, MaxPage) ?? DefaultPage,
            CursorOf(query, FactCursor.Subject));
        query.RefuseOthers();
        faults.ThrowIfAny();
        EnsureMayRead(caller, clientId);
        return request;
    }

    public static DateTimeOffset? KnownAt(IQueryCollection parameters)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var knownAt = query.Time("known_at");
        query.RefuseOthers();
        faults.ThrowIfAny();
        return knownAt;
    }

    public static void NoParameters(IQueryCollection parameters)
    {
        var faults = new Faults();
        new QueryReader(parameters, faults).RefuseOthers();
        faults.ThrowIfAny();
    }

    private static ClientVisibility VisibilityOf(Caller caller, string? clientId) => clientId is null ? caller.Visibility : new([clientId]);

    private static void EnsureMayRead(Caller caller, string? clientId)
    {
        if (clientId is not null)
        {
            caller.EnsureMayRead(clientId);
        }
    }

    private static FactPosition? CursorOf(QueryReader query, byte list)
    {
        if (query.Text("cursor", MaxCursorLength) is not { } cursor)
        {
            return null;
        }

        var position = FactCursor.Parse(list, cursor);
        if (position is null)
        {
            query.Fault("cursor", "must be a next_cursor of this list");
        }

        return position;
    }
}
