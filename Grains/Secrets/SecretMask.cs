using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Actors.Sessions;
using Microsoft.Extensions.Options;

namespace Actors.Secrets;

/// <summary>
/// Takes likely credentials out of texts before anything is made of them: they are not stored, indexed, sent or logged, and what is left
/// is no longer than what was there. Counted by kind.
/// </summary>
internal sealed class SecretMask(IOptions<SecretsOptions> options, SecretMetrics metrics)
{
    /// <summary>What stands in place of a secret; shorter than any.</summary>
    public const string Mask = "[masked]";

    private const int MinCardDigits = 13;
    private const int MaxCardDigits = 19;

    private readonly SecretsOptions _options = options.Value;

    /// <summary>A text without what looks like a secret; the same text when there is none.</summary>
    public string Apply(string text)
    {
        if (_options.MaskKeys && text.AsSpan().ContainsAny(SecretPatterns.Marks))
        {
            text = SecretPatterns.Keys().Replace(text, Masked);
        }

        if (_options.MaskAssignments)
        {
            text = SecretPatterns.Assignments().Replace(text, match => match.Value.EndsWith(Mask, StringComparison.Ordinal) ? match.Value : Masked(match));
        }

        return _options.MaskCards ? SecretPatterns.Cards().Replace(text, match => IsCard(match.Value) ? Masked(match) : match.Value) : text;
    }

    /// <summary>JSON without keys among its texts. Numbers stay: a mask is none.</summary>
    public string ApplyToJson(string json) =>
        _options.MaskKeys && json.AsSpan().ContainsAny(SecretPatterns.Marks) ? SecretPatterns.Keys().Replace(json, Masked) : json;

    /// <summary>Memories without what looks like a secret in their contents and metadata; the same ones when there is none.</summary>
    public ImmutableArray<NewMemory> Apply(ImmutableArray<NewMemory> memories)
    {
        var masked = memories;
        for (var i = 0; i < memories.Length; i++)
        {
            var (content, metadata) = (Apply(memories[i].Content), ApplyToJson(memories[i].MetadataJson));
            if (content != memories[i].Content || metadata != memories[i].MetadataJson)
            {
                masked = masked.SetItem(i, memories[i] with { Content = content, MetadataJson = metadata });
            }
        }

        return masked;
    }

    // By the digits' sum as ISO/IEC 7812 has it.
    private static bool IsCard(string text)
    {
        var (sum, count) = (0, 0);
        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                var digit = (text[i] - '0') << (count++ % 2);
                sum += digit > 9 ? digit - 9 : digit;
            }
        }

        return count is >= MinCardDigits and <= MaxCardDigits && sum % 10 == 0;
    }

    // Of an assignment the name stays.
    private string Masked(Match match)
    {
        var secret = match.Groups.Cast<Group>().Skip(1).First(group => group.Success);
        metrics.Masked(secret.Name);
        return string.Concat(match.Value.AsSpan(0, secret.Index - match.Index), Mask, match.Value.AsSpan(secret.Index - match.Index + secret.Length));
    }
}
