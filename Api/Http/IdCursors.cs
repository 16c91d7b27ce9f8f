namespace Actors.Http;

/// <summary>Cursors of lists that are ordered by id, newest first: the id of the last item.</summary>
internal static class IdCursors
{
    public const int MaxLength = 64;

    public static string Of(Guid last) => last.ToString("N");

    /// <summary>The parameter <c>cursor</c>; null when it is absent, or with a fault when it is none.</summary>
    public static Guid? Read(QueryReader query)
    {
        if (query.Text("cursor", MaxLength) is not { } cursor)
        {
            return null;
        }

        if (Guid.TryParseExact(cursor, "N", out var after))
        {
            return after;
        }

        query.Fault("cursor", "must be a next_cursor of this list");
        return null;
    }
}
