using System.Text.Json;
using Actors.Sessions;

namespace Actors.Extraction;

/// <summary>Who says a memory.</summary>
internal static class MemorySpeaker
{
    private static readonly WordSet Machines = new("assistant system tool function bot ai agent model");

    // Who is called by a role is whoever the client's user is.
    private static readonly WordSet Roles = new("user human me customer client");

    /// <summary>Whether a machine says it: by its speaker, or by <c>role</c> of its metadata. What it says of itself is about nobody.</summary>
    public static bool IsMachine(EventRecord memory)
    {
        if (memory.Speaker is { } speaker && Machines.Contains(speaker.Trim().ToLowerInvariant()))
        {
            return true;
        }

        if (!memory.MetadataJson.Contains("\"role\"", StringComparison.Ordinal))
        {
            return false;
        }

        // As deep as it is: SQL may have written it.
        using var metadata = JsonDocument.Parse(memory.MetadataJson, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        return metadata.RootElement.ValueKind == JsonValueKind.Object && metadata.RootElement.TryGetProperty("role", out var role)
            && role.ValueKind == JsonValueKind.String && Machines.Contains(role.GetString()!.ToLowerInvariant());
    }

    /// <summary>Id of the <c>user</c> who says it, or is spoken with when a machine does: the speaker by name, else the client.</summary>
    public static string UserId(EventRecord memory, bool isMachine) =>
        isMachine || string.IsNullOrWhiteSpace(memory.Speaker) || Roles.Contains(memory.Speaker.Trim().ToLowerInvariant()) ? memory.ClientId : memory.Speaker.Trim();
}
