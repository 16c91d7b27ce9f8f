namespace Actors.Secrets;

/// <summary>What is masked in texts before they are stored. Configuration section <c>Secrets</c>.</summary>
internal sealed class SecretsOptions
{
    /// <summary>Keys and tokens that their issuers' formats give away, private keys included; default true.</summary>
    public bool MaskKeys { get; set; } = true;

    /// <summary>Numbers of 13 to 19 digits that are a payment card's by their first digits and their check digit; default false, since other numbers pass for them now and then.</summary>
    public bool MaskCards { get; set; }

    /// <summary>What follows <c>password=</c>, <c>secret:</c>, <c>api_key=</c> and the like; default false, since it need not be one.</summary>
    public bool MaskAssignments { get; set; }
}
