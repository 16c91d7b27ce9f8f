using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Actors.Sessions;

/// <summary>The text by which a client's session is known: grain key and Zep session id alike.</summary>
public static class SessionKey
{
    /// <summary>What every session key starts with.</summary>
    public const string Prefix = "client_";

    /// <summary>The session key of the house; no client id makes the same text.</summary>
    public const string House = Prefix + "-";

    /// <summary>Longest client id, in characters; the schema's <c>clients_id_is_wellformed</c> says the same.</summary>
    public const int MaxClientIdLength = 128;

    private static readonly SearchValues<char> ClientIdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@-");

    /// <summary>The session key of a client: <c>client_{clientId}</c>.</summary>
    public static string Of(string clientId) => Prefix + clientId;

    /// <summary>The client id in a session key.</summary>
    /// <exception cref="ArgumentException">The text does not start with <see cref="Prefix"/>.</exception>
    public static string ClientId(string sessionKey) =>
        sessionKey.StartsWith(Prefix, StringComparison.Ordinal)
            ? sessionKey[Prefix.Length..]
            : throw new ArgumentException($"A session key starts with '{Prefix}'.", nameof(sessionKey));

    /// <summary>
    /// Whether a text can be a client id: 1 to 128 of the letters A-Z and a-z, digits and <c>. _ : @ -</c>,
    /// starting with a letter or digit.
    /// </summary>
    public static bool IsClientId([NotNullWhen(true)] string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxClientIdLength || !char.IsAsciiLetterOrDigit(text[0]))
        {
            return false;
        }

        return !text.AsSpan().ContainsAnyExcept(ClientIdCharacters);
    }
}
