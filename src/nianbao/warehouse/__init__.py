"""From the lake to a release: schema, load, transform (dbt), validate (Great Expectations), release."""
