using System.Text.Json.Nodes;
using Actors.OpenApi;
using Actors.Sessions;

namespace Actors.Clients;

/// <summary>What the routes of <see cref="ClientApi"/> do.</summary>
internal static class ClientDocs
{
    private const string Lines =
        """
        {"type":"header","format":1,"client_id":"1","exported_at":"2026-11-26T09:00:00+00:00"}
        {"type":"clients","name":"Ada","created_at":"2026-11-20T09:00:00+00:00"}
        {"type":"projects","id":"01a20000-0000-7000-8000-00000000e001","name":"audit","description":null,"billable":true,"status":"active","created_at":"2026-11-20T09:00:00+00:00","updated_at":"2026-11-20T09:00:00+00:00"}
        {"type":"end","rows":{"clients":1,"projects":1}}

        """;

    private static readonly RouteTag Tag = new("Clients", "All of a client at once: erase, export, import. For admins.");

    private static readonly Exception NoSuchClient = new ClientNotFoundException();

    private static readonly Exception Busy = new TransfersBusyException("2 exports and imports are under way.");

    private const string Receipt =
        """
        {"erasure_id":"01a21589-a5d0-7806-8813-03d94b5de8fb","client_id":"1","erased_at":"2026-11-26T09:00:00.123456+00:00",
         "removed":{"change_log":81234,"events":81234,"facts":12},"cache":{"valkey":"removed","keys":7},"queued_outside":[],"kept":["session_heads","clients","erasures","api_keys","webhooks"]}
        """;

    public static RouteDoc Erase { get; } = new(
        "eraseClient", Tag, "Erase a client",
        """
        Deletes all rows of the client, histories, kept answers and vectors included, and what processes and Valkey hold of it. Nothing of what was there is in any answer
        that is asked for afterwards. The receipt counts, and holds no content. What others write meanwhile is erased, or comes after; a
        repeat finds nothing. With many rows it takes a while: some 15 s for a million events.
        """)
    {
        Parameters = [Id],
        Answers = [AnswerDoc.Json<ErasureView>(200, "The receipt.", Receipt)],
        Refusals = [NoSuchClient],
    };

    public static RouteDoc Erasures { get; } = new("listErasures", Tag, "List erasures of a client", "The latest receipts, newest first.")
    {
        Parameters = [Id],
        Answers = [AnswerDoc.Json<ErasureList>(200, "The receipts.", $$"""{"items":[{{Receipt}}]}""")],
        Refusals = [NoSuchClient],
    };

    public static RouteDoc Export { get; } = new(
        "exportClient", Tag, "Export a client",
        """
        All rows of the client as of one moment, as lines of JSON: first a `header`, then the rows of each table with its name as `type`, last an `end` with the
        number of `rows` of each table. An answer without that last line was cut off. Vectors are left out, since they are made again.
        """)
    {
        Parameters = [Id],
        Answers = [AnswerDoc.Text(200, "The lines.", ExportAnswer.ContentType, Lines)],
        Refusals = [NoSuchClient, Busy],
    };

    public static RouteDoc Import { get; } = new(
        "importClient", Tag, "Import a client",
        """
        Takes the lines of an export into a client that has nothing, all or none, with their ids and times; whose they were does not matter. The body is read as a
        stream; only its lines are bounded. The answer is lines as well: `{"type":"progress","rows":n}` now and then, last `{"type":"done",...}`. What goes wrong after
        the first line of the answer is its last line, `{"type":"error",...}` with the members of a problem: a status of 200 alone says nothing, the last line does.
        Meanwhile nobody else can write for this client. A repeat is 409 `client_not_empty`.
        """)
    {
        Parameters = [Id],
        Body = new(Schemas.Text(), ("export", JsonValue.Create(Lines).ToJsonString())) { ContentType = ExportAnswer.ContentType, MaxLineBytes = IImportGrain.MaxLineBytes },
        Answers =
        [
            AnswerDoc.Text(200, "What was done: look at the last line.", ExportAnswer.ContentType, """
                {"type":"progress","rows":50000}
                {"type":"done","rows":{"clients":1,"events":81234},"unlinked":0}

                """),
        ],
        Refusals =
        [
            new ImportFormatException(7, "has the member 'contents', which is not known there"),
            new ClientNotFoundException(),
            new ClientNotEmptyException(),
            new ImportRefusedException(ImportRefusedException.IdTaken, 7, "A row of events with this id exists already, in this database or earlier in the file."),
            new ImportRefusedException(ImportRefusedException.BrokenRule, 7, "The row of events breaks the rule 'events_memory_type_is_known'."),
            new ImportRefusedException(ImportRefusedException.Incomplete, 7, "The last line of an export, its end, is missing."),
            Busy,
            new TransferLostException(),
        ],
    };

    private static Field Id => new("id", ClientIds.InQuery, "The client.", "1");
}
