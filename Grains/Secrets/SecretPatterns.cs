using System.Buffers;
using System.Text.RegularExpressions;

namespace Actors.Secrets;

/// <summary>
/// What credentials look like. Each pattern begins where a word does and goes through the text once, whatever the text: texts are
/// anybody's. A group's name is the kind that is counted. Formats are those their issuers document.
/// </summary>
internal static partial class SecretPatterns
{
    /// <summary>A text without any of these has no key.</summary>
    public static readonly SearchValues<string> Marks = SearchValues.Create(
        ["sk-", "sk_", "rk_", "AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "AIza", "ya29.", "GOCSPX-", "eyJ", "pm_", "npm_", "PRIVATE KEY-----"],
        StringComparison.Ordinal);

    /// <summary>Keys by their issuers' formats, JSON web tokens, and private keys in PEM, also within JSON, where line ends are escaped.</summary>
    [GeneratedRegex(
        """
        (?<private_key>-----BEGIN[ ][A-Z ]{0,40}PRIVATE[ ]KEY-----
            ((\s|\\r|\\n)+[A-Za-z-]{1,40}:[ ][^\r\n\\]{0,80})*
            ((\s|\\r|\\n)+[A-Za-z0-9+/=]{16,})*
            (((\s|\\r|\\n)+[A-Za-z0-9+/=]{1,76})?(\s|\\r|\\n)*-----END[ ][A-Z ]{0,40}PRIVATE[ ]KEY-----)?)
        |(?<![A-Za-z0-9_-])(
            (?<aws>(AKIA|ASIA)[A-Z0-9]{16})(?![A-Za-z0-9])
            |(?<github>gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})
            |(?<gitlab>glpat-[A-Za-z0-9_-]{20,255})
            |(?<slack>xox[abeoprs]-[A-Za-z0-9-]{10,255})
            |(?<google>AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{20,1024}|GOCSPX-[A-Za-z0-9_-]{20,255})
            |(?<stripe>[sr]k_(live|test)_[A-Za-z0-9]{16,255})
            |(?<llm>sk-[A-Za-z0-9_-]{20,255})
            |(?<npm>npm_[A-Za-z0-9]{36})
            |(?<own>pm_[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])
            |(?<jwt>eyJ[A-Za-z0-9_-]{10,8192}\.eyJ[A-Za-z0-9_-]{10,16384}\.[A-Za-z0-9_-]{10,2048})
        )
        """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    public static partial Regex Keys();

    /// <summary>Digits in groups, as cards have them; whether they are one, the check digit says.</summary>
    [GeneratedRegex(@"(?<![0-9A-Za-z._-])(?<card>[3-6][0-9]{3}([ -]?[0-9]{2,6}){2,4})(?![0-9A-Za-z_-]|[.][0-9])", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    public static partial Regex Cards();

    /// <summary>A name that says that a secret follows, and the value.</summary>
    [GeneratedRegex(
        @"(?<![A-Za-z0-9])(password|passwd|passphrase|pwd|secret|api[_ -]?key|access[_ -]?key|auth[_ -]?token|client[_ -]?secret)[""']?\s{0,8}(:|=|is)\s{0,8}[""']?(?<assignment>[^\s""',;]{8,256})",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    public static partial Regex Assignments();
}
