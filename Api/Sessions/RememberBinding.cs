using System.Collections.Immutable;
using System.Text.Json;
using Actors.Http;

namespace Actors.Sessions;

/// <summary>Reads remember bodies.</summary>
internal static class RememberBinding
{
    /// <summary>Longest id of a conversation and name of a speaker, in characters.</summary>
    public const int MaxNameLength = 512;

    /// <summary>One memory.</summary>
    public static (string ClientId, RememberRequest Request) Single(JsonElement body)
    {
        var faults = new Faults();
        var memory = Memory(body, "", faults);
        faults.ThrowIfAny();
        return (memory!.Value.ClientId, new RememberRequest([memory.Value.Memory]));
    }

    /// <summary><c>{client_id?, items: [...]}</c> or the bare array. All memories are of one client: one session, one commit.</summary>
    public static (string ClientId, RememberRequest Request) Batch(JsonElement body)
    {
        var faults = new Faults();
        var items = Items(body, faults, out var path, out var sharedClient);
        // A shared id that is faulty is one fault, not one for each item.
        var isShared = body.ValueKind == JsonValueKind.Object && body.TryGetProperty("client_id", out _);
        var memories = ImmutableArray.CreateBuilder<NewMemory>(items.Length);
        var clientId = sharedClient;
        for (var i = 0; i < items.Length; i++)
        {
            if (Memory(items[i], $"{path}/{i}", faults, isShared, sharedClient) is not { } memory)
            {
                continue;
            }

            clientId ??= memory.ClientId;
            if (memory.ClientId != clientId)
            {
                faults.Add($"{path}/{i}/client_id", "must be the same for all memories of a batch");
            }

            memories.Add(memory.Memory);
        }

        faults.ThrowIfAny();
        return (clientId!, new RememberRequest(memories.ToImmutable()));
    }

    private static JsonElement[] Items(JsonElement body, Faults faults, out string path, out string? sharedClient)
    {
        (path, sharedClient) = ("", null);
        var list = body;
        if (body.ValueKind == JsonValueKind.Object)
        {
            path = "/items";
            var reader = new JsonObjectReader(body, "", faults);
            list = reader.Any("items") ?? default;
            sharedClient = ClientIds.Of(reader, required: false);
            reader.RefuseOthers();
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > RememberRequest.MaxMemories)
        {
            faults.Add(path, $"must be an array of 1 to {RememberRequest.MaxMemories} memories");
            return [];
        }

        return [.. list.EnumerateArray()];
    }

    private static (string ClientId, NewMemory Memory)? Memory(JsonElement element, string pointer, Faults faults, bool isShared = false, string? sharedClient = null)
    {
        if (JsonObjectReader.For(element, pointer, faults) is not { } body)
        {
            return null;
        }

        var content = body.Text("content", NewMemory.MaxContentLength, required: true);
        var clientId = ClientIds.Of(body, required: !isShared) ?? sharedClient;
        var salience = body.Number("salience_score", 0, 1);
        var hint = body.Number("salience_hint", 0, 1);
        if (salience is not null && hint is not null && salience != hint)
        {
            body.Fault("salience_hint", "is another name for salience_score; give one");
        }

        var memory = new NewMemory(
            content ?? "",
            body.Choice("memory_type", MemoryNames.TypeOf, MemoryNames.Types) ?? MemoryType.Event,
            body.Choice("memory_scope", MemoryNames.ScopeOf, MemoryNames.Scopes) ?? MemoryScope.User,
            salience ?? hint,
            body.ObjectText("metadata") ?? "{}",
            body.Text("conversation_id", MaxNameLength),
            body.Text("speaker", MaxNameLength),
            body.Time("occurred_at"),
            body.Id("run_id"),
            body.Time("expires_at"));
        body.RefuseOthers();
        return content is null || clientId is null ? null : (clientId, memory);
    }
}
