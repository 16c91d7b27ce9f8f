using Actors.Sessions;

namespace Actors.Clients;

/// <summary>The client that a path names.</summary>
internal static class ClientPath
{
    /// <exception cref="ClientNotFoundException">It is no client id; the house, which has none, is no client.</exception>
    public static string Of(string id) => SessionKey.IsClientId(id) ? id : throw new ClientNotFoundException();
}
