using Actors.Http;

namespace Actors.Sessions;

/// <summary>Client ids of requests.</summary>
internal static class ClientIds
{
    private const string Expected = "must be 1 to 128 letters, digits or . _ : @ - and start with a letter or digit";

    /// <summary>The required parameter <c>client_id</c>; null with a fault when it is none.</summary>
    public static string? Of(QueryReader query)
    {
        var clientId = query.Text("client_id", SessionKey.MaxClientIdLength, required: true);
        return Checked(clientId, fault => query.Fault("client_id", fault));
    }

    /// <summary>The member <c>client_id</c>, text or a whole number; null when it is absent, or with a fault when it is none.</summary>
    public static string? Of(JsonObjectReader body, bool required)
    {
        var clientId = body.TextOrNumber("client_id", SessionKey.MaxClientIdLength, required);
        return Checked(clientId, fault => body.Fault("client_id", fault));
    }

    private static string? Checked(string? clientId, Action<string> fault)
    {
        if (clientId is null || SessionKey.IsClientId(clientId))
        {
            return clientId;
        }

        fault(Expected);
        return null;
    }
}
