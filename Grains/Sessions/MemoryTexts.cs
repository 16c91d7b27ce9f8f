using Actors.Facts;
using Actors.Storage;

namespace Actors.Sessions;

/// <summary>The texts of memories that are kept in memory.</summary>
internal static class MemoryTexts
{
    /// <summary>How much text a memory has: what the limits of a session count.</summary>
    public static long Characters(IMemory memory) => memory switch
    {
        EventRecord e => e.Content.Length + e.MetadataJson.Length,
        FactRecord f => f.Content.Length + f.MetadataJson.Length,
        _ => memory.Content.Length,
    };

    /// <summary>The same memory, with texts that repeat being those of the memories before.</summary>
    public static IMemory Sharing(IMemory memory, SharedTexts texts) => memory switch
    {
        EventRecord e => Sharing(e, texts),
        FactRecord f => f with
        {
            Subject = new FactSubject(texts.Of(f.Subject.ClientId), texts.Of(f.Subject.Type), texts.Of(f.Subject.Id)),
            FactType = texts.Of(f.FactType),
            Category = texts.Of(f.Category),
            FactKey = texts.Of(f.FactKey),
            MetadataJson = texts.Of(f.MetadataJson),
        },
        _ => memory,
    };

    // Most of a client's events have none of these, or have come from a row: no copy then.
    private static EventRecord Sharing(EventRecord e, SharedTexts texts)
    {
        var (client, conversation, speaker) = (texts.Of(e.ClientId), texts.Of(e.ConversationId), texts.Of(e.Speaker));
        return ReferenceEquals(client, e.ClientId) && ReferenceEquals(conversation, e.ConversationId) && ReferenceEquals(speaker, e.Speaker)
            ? e
            : e with { ClientId = client, ConversationId = conversation, Speaker = speaker };
    }
}
