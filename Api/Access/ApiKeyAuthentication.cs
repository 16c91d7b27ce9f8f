using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Actors.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Actors.Access;

/// <summary>Takes <c>Authorization: Bearer &lt;api key&gt;</c>.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AdminKey adminKey)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";
    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        return Task.FromResult(adminKey.Matches(header.AsSpan(Bearer.Length).Trim())
            ? AuthenticateResult.Success(new AuthenticationTicket(adminKey.Principal, SchemeName))
            : AuthenticateResult.Fail("Unknown key."));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return ProblemResponse.WriteAsync(Context, new Problem(
            "Unauthorized", 401, "unauthorized", "The request carries no key that is known here.",
            $"Send the header Authorization: Bearer <api key>; the first key stands in the data folder's {AdminKeyFile.Name}."));
    }
}

/// <summary>The installation's admin key; only its hash is kept.</summary>
internal sealed class AdminKey(string key)
{
    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>The caller that holds the key.</summary>
    public ClaimsPrincipal Principal { get; } =
        new(new ClaimsIdentity([new Claim(ClaimTypes.Role, "admin")], ApiKeyAuthentication.SchemeName));

    /// <summary>Compares in time that does not depend on where keys differ.</summary>
    public bool Matches(ReadOnlySpan<char> candidate)
    {
        if (candidate.Length > 256)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[candidate.Length * 3];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(candidate, bytes)], hash);
        return CryptographicOperations.FixedTimeEquals(hash, _hash);
    }
}
