using System.Security.Cryptography;
using System.Text;

namespace Actors.ClusterSchema;

/// <summary>One of Orleans' scripts, as the list names it.</summary>
/// <param name="Path">In Orleans' repository, with forward slashes.</param>
/// <param name="Sha256">Of its bytes, line ends as they are: 64 lower-case hex digits.</param>
/// <param name="Relation">A relation it creates: where that exists, the script has run.</param>
internal sealed record OrleansScript(string Path, string Sha256, string Relation)
{
    public string FileName => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The text of the script.</summary>
    /// <param name="content">What was found.</param>
    /// <param name="origin">Where, for the message.</param>
    /// <exception cref="OrleansScriptException">It is something else than what the list names.</exception>
    public string Read(byte[] content, string origin)
    {
        var actual = Convert.ToHexStringLower(SHA256.HashData(content));
        return actual == Sha256
            ? Encoding.UTF8.GetString(content)
            : throw new OrleansScriptException(
                $"{origin} is not the script this build knows as {Path}: its SHA-256 is {actual}, expected is {Sha256}. "
                + "It is of another version, or was changed on the way, which a checkout that converts line ends does as well. Nothing was applied.");
    }
}

internal enum OrleansScriptOutcome
{
    /// <summary>It ran.</summary>
    Applied,

    /// <summary>It ran, or was adopted, earlier.</summary>
    AlreadyThere,

    /// <summary>Somebody ran it by other means, which is now on record.</summary>
    Adopted,
}

/// <summary>What became of one script.</summary>
internal sealed record OrleansScriptResult(OrleansScript Script, OrleansScriptOutcome Outcome);
