using Xiangyun.Identity.Ec2;

namespace Xiangyun.Unit.Identity;

public sealed class Signatures
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", Nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static readonly DateTimeOffset Then = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    /// <summary>The worked example of AWS's own documentation of version 4.</summary>
    private static Ec2Wish Example(string signature = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7", string version = "2010-05-08") => new("AKIDEXAMPLE", signature, "iam.amazonaws.com", "GET", "/",
        new Dictionary<string, string> { ["Action"] = "ListUsers", ["Version"] = version },
        new Dictionary<string, string>
        {
            ["authorization"] = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=x",
            ["content-type"] = "application/x-www-form-urlencoded; charset=utf-8", ["host"] = "iam.amazonaws.com", ["x-amz-date"] = "20150830T123600Z",
        }, Nothing);

    [Fact]
    public void the_example_of_version_4_is_right() => Assert.True(Signing.Fits(Example(), Secret, Then));

    [Fact]
    public void another_request_key_or_hour_is_wrong()
    {
        Assert.False(Signing.Fits(Example(version: "2010-05-09"), Secret, Then));
        Assert.False(Signing.Fits(Example(), Secret + "x", Then));
        Assert.False(Signing.Fits(Example(), Secret, Then.AddMinutes(16)));
    }

    /// <summary>The text is that of AWS's documentation of S3's first signature; the signature was computed with Python's hmac.</summary>
    [Fact]
    public void a_text_that_s3_hands_over_is_checked() => Assert.True(Signing.FitsS3("GET\n\n\nTue, 27 Mar 2007 19:36:42 +0000\n/awsexamplebucket1/photos/puppy.jpg", "t31XhH90k9qrEhS1s0glukgZtcE=", Secret));
}
