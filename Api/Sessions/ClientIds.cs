using System.Text.Json;
using System.Text.Json.Nodes;
using Actors.Access;
using Actors.Http;
using Actors.OpenApi;

namespace Actors.Sessions;

/// <summary>Client ids of requests.</summary>
internal static class ClientIds
{
    /// <summary>What <see cref="SessionKey.IsClientId"/> accepts, as a pattern.</summary>
    public const string Pattern = "^[A-Za-z0-9][A-Za-z0-9._:@-]*$";

    /// <summary>What a client id looks like, for people.</summary>
    public const string Expected = "must be 1 to 128 letters, digits or . _ : @ - and start with a letter or digit";

    /// <summary>Schema of the parameter.</summary>
    public static JsonObject InQuery => new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = SessionKey.MaxClientIdLength, ["pattern"] = Pattern };

    /// <summary>Schema of the member: text, or a whole number.</summary>
    public static JsonObject InBody => Schemas.OrNumber(InQuery);

    /// <summary>The parameter <c>client_id</c>; null when it is absent, or with a fault when it is none.</summary>
    public static string? Of(QueryReader query, bool required = true)
    {
        return Checked(query.Text("client_id", SessionKey.MaxClientIdLength, required), query);
    }

    /// <summary>The member <c>client_id</c>, text or a whole number; null when it is absent, or with a fault when it is none.</summary>
    public static string? Of(JsonObjectReader body, bool required)
    {
        return Checked(body.TextOrNumber("client_id", SessionKey.MaxClientIdLength, required), body);
    }

    /// <summary>
    /// The member <c>client_id</c>, or else the only client a key was issued for; null: none, for an admin, whose it is then the house's,
    /// or with a fault.
    /// </summary>
    public static string? OfOneOrOnly(JsonObjectReader body, Caller caller) => Of(body, required: false) ?? OnlyOf(caller, body);

    /// <summary>The parameter <c>client_id</c>, or else as for a body.</summary>
    public static string? OfOneOrOnly(QueryReader query, Caller caller) => Of(query, required: false) ?? OnlyOf(caller, query);

    /// <summary>An item of an array, text or a whole number; null when it is no client id.</summary>
    public static string? Of(JsonElement element)
    {
        var text = element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Number when element.GetRawText().All(char.IsAsciiDigit) => element.GetRawText(),
            _ => null,
        };
        return SessionKey.IsClientId(text) ? text : null;
    }

    private static string? OnlyOf(Caller caller, IFieldFaults faults)
    {
        if (caller is { IsAdmin: false, OnlyClientId: null })
        {
            faults.Fault("client_id", "is required, because the key was not issued for one client alone");
        }

        return caller.OnlyClientId;
    }

    private static string? Checked(string? clientId, IFieldFaults faults)
    {
        if (clientId is null || SessionKey.IsClientId(clientId))
        {
            return clientId;
        }

        faults.Fault("client_id", Expected);
        return null;
    }
}
