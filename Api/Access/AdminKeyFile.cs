using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Actors.Access;

/// <summary>
/// The first key of an installation, which may do everything: written to <c>&lt;data&gt;/admin.key</c> on the first
/// start, readable by the service's user alone.
/// </summary>
internal static class AdminKeyFile
{
    public const string Name = "admin.key";
    private const string Prefix = "pm_admin_";
    private const int SecretBytes = 32;
    private const int MaxLength = 256;

    /// <returns>The key in the folder's file, which is made if it is missing.</returns>
    /// <exception cref="IOException">The file cannot be read or written, or holds no key.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file belongs to somebody else.</exception>
    public static string ReadOrCreate(string dataFolder)
    {
        Directory.CreateDirectory(dataFolder);
        var path = Path.Combine(dataFolder, Name);
        if (!File.Exists(path))
        {
            Create(path);
        }

        var key = File.ReadAllText(path).Trim();
        return IsKey(key)
            ? key
            : throw new IOException($"{path} does not hold an admin key. Restore it, or remove it to have a new key made.");
    }

    /// <summary>Whether a text has the form of an admin key, and is long enough not to be guessed.</summary>
    public static bool IsKey(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length >= Prefix.Length + SecretBytes && text.Length <= MaxLength && text.All(c => c is > ' ' and <= '~');

    // Written aside and renamed: a kill in between leaves no half a key.
    private static void Create(string path)
    {
        var key = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        var draft = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(draft, options))
        {
            writer.WriteLine(key);
            writer.Flush();
            ((FileStream)writer.BaseStream).Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: false);
    }
}

/// <summary>The installation's admin key; only its hash is kept.</summary>
internal sealed class AdminKey(string secret)
{
    public KeyHash Hash { get; } = KeyHash.Of(secret) ?? throw new IOException($"{AdminKeyFile.Name} holds more than a key.");

    /// <summary>Its id follows from the key, so that it outlives the process.</summary>
    public Caller Caller { get; } = new(
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"id of {secret}")).AsSpan(0, 16)), AdminKeyFile.Name, CallerRole.Admin, FrozenSet<string>.Empty);
}
