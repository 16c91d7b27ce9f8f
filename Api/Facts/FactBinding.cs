using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Actors.Access;
using Actors.Http;
using Actors.Sessions;

namespace Actors.Facts;

/// <summary>Reads writes of facts. The id of the fact is not in the body; requests are made without it.</summary>
internal static class FactBinding
{
    /// <summary>Longest reason, in characters.</summary>
    public const int MaxReasonLength = 1_024;

    /// <summary>
    /// Most bytes of UTF-8 in a fact's key with the names it is single-valued among. Postgres' index over them takes rows of a
    /// quarter of its page of 8 KiB; of 1,500 random ones with 2,100 bytes it failed to store some, with 1,800 none.
    /// </summary>
    public const int MaxKeyBytes = 1_500;

    /// <summary>What may become of a new fact whose key is taken.</summary>
    public static readonly string[] Conflicts = ["refuse", "change"];

    /// <returns>Whose fact about what, and the fact. Whether the caller may write it is still to be asked.</returns>
    public static (FactSubject Subject, CreateFactRequest Request) Create(JsonElement element, IQueryCollection parameters, Caller caller)
    {
        var faults = new Faults();
        var query = new QueryReader(parameters, faults);
        var onConflict = query.Choice("on_conflict", name => Array.IndexOf(Conflicts, name) is >= 0 and var i ? (FactConflict)i : (FactConflict?)null, Conflicts);
        var body = BodyOf(element, query, faults);
        var subject = new FactSubject(ClientIds.OfOneOrOnly(body, caller), FactNames.Of(body, "subject_type", required: true) ?? "", FactNames.SubjectIdOf(body) ?? "");
        var request = new CreateFactRequest(
            FactNames.Of(body, "fact_type", required: true) ?? "",
            body.Text("content", CreateFactRequest.MaxContentLength, required: true) ?? "",
            body.Number("salience_score", 0, 1),
            FactNames.Of(body, "category"),
            FactNames.Of(body, "fact_key"),
            body.Time("valid_from"),
            body.Time("valid_to"),
            MetadataOf(body, faults) ?? "{}",
            SourcesOf(body, faults),
            onConflict ?? FactConflict.Refuse,
            new FactAuthor(caller.Name));
        if (request.FactKey is { } key && Encoding.UTF8.GetByteCount(subject.Type + subject.Id + request.FactType + key) > MaxKeyBytes)
        {
            body.Fault("fact_key", $"must have at most {MaxKeyBytes} bytes with subject_type, subject_id and fact_type");
        }

        body.RefuseOthers();
        faults.ThrowIfAny();
        return (subject, request);
    }

    public static ChangeFactRequest Change(JsonElement element, IQueryCollection parameters, Caller caller)
    {
        var faults = new Faults();
        var body = BodyOf(element, new QueryReader(parameters, faults), faults);
        var request = new ChangeFactRequest(
            Guid.Empty,
            body.Text("content", CreateFactRequest.MaxContentLength, required: true) ?? "",
            body.Number("salience_score", 0, 1),
            body.Time("effective_at"),
            MetadataOf(body, faults),
            SourcesOf(body, faults),
            new FactAuthor(caller.Name));
        body.RefuseOthers();
        faults.ThrowIfAny();
        return request;
    }

    public static CorrectFactRequest Correct(JsonElement element, IQueryCollection parameters, Caller caller)
    {
        var faults = new Faults();
        var body = BodyOf(element, new QueryReader(parameters, faults), faults);
        // Elsewhere null says as little as a member that is not there.
        var isOpenEnded = element.TryGetProperty("valid_to", out var end) && end.ValueKind == JsonValueKind.Null;
        var hasContent = body.Any("content") is not null;
        if (!hasContent && !isOpenEnded && body.Any("valid_from") is null && body.Any("valid_to") is null)
        {
            faults.Add("", "must have content, valid_from or valid_to");
        }

        var request = new CorrectFactRequest(
            Guid.Empty,
            body.Text("content", CreateFactRequest.MaxContentLength, required: hasContent),
            body.Time("valid_from"),
            body.Time("valid_to"),
            isOpenEnded,
            body.Text("reason", MaxReasonLength, required: true) ?? "",
            new FactAuthor(caller.Name));
        body.RefuseOthers();
        faults.ThrowIfAny();
        return request;
    }

    public static RetractFactRequest Retract(JsonElement element, IQueryCollection parameters, Caller caller)
    {
        var faults = new Faults();
        var body = BodyOf(element, new QueryReader(parameters, faults), faults);
        var request = new RetractFactRequest(Guid.Empty, body.Text("reason", MaxReasonLength, required: true) ?? "", new FactAuthor(caller.Name));
        body.RefuseOthers();
        faults.ThrowIfAny();
        return request;
    }

    // By now every parameter the address takes was asked for.
    private static JsonObjectReader BodyOf(JsonElement element, QueryReader query, Faults faults)
    {
        query.RefuseOthers();
        var body = JsonObjectReader.For(element, "", faults);
        if (body is null)
        {
            faults.ThrowIfAny();
        }

        return body!;
    }

    // An agent of one client need not say whose fact it is; an admin who does not say so means the house.
    private static string? MetadataOf(JsonObjectReader body, Faults faults)
    {
        var metadata = body.ObjectText("metadata");
        if (metadata is not null && body.Any("metadata")!.Value.TryGetProperty("relations", out var relations))
        {
            CheckRelations(relations, faults);
        }

        return metadata;
    }

    private static void CheckRelations(JsonElement relations, Faults faults)
    {
        const string pointer = "/metadata/relations";
        if (relations.ValueKind != JsonValueKind.Array || relations.GetArrayLength() > CreateFactRequest.MaxRelations)
        {
            faults.Add(pointer, $"must be an array of at most {CreateFactRequest.MaxRelations} relations");
            return;
        }

        foreach (var (i, element) in relations.EnumerateArray().Index())
        {
            if (JsonObjectReader.For(element, $"{pointer}/{i}", faults) is { } relation)
            {
                FactNames.Of(relation, "relation", required: true);
                FactNames.Of(relation, "subject_type", required: true);
                FactNames.Of(relation, "subject_id", CreateFactRequest.MaxSubjectIdLength, required: true);
                relation.RefuseOthers();
            }
        }
    }

    private static ImmutableArray<Guid> SourcesOf(JsonObjectReader body, Faults faults)
    {
        const string name = "source_memory_ids";
        if (body.Any(name) is not { } list)
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > CreateFactRequest.MaxSources)
        {
            body.Fault(name, $"must be an array of at most {CreateFactRequest.MaxSources} memory ids");
            return [];
        }

        var ids = ImmutableArray.CreateBuilder<Guid>();
        foreach (var (i, element) in list.EnumerateArray().Index())
        {
            if (element.ValueKind == JsonValueKind.String && Guid.TryParseExact(element.GetString(), "D", out var id))
            {
                ids.Add(id);
            }
            else
            {
                faults.Add($"/{name}/{i}", "must be a UUID");
            }
        }

        return [.. ids.Distinct()];
    }
}
