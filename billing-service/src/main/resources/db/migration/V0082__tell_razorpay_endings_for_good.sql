-- From here on a wish cannot be taken back: Razorpay is being told, and may know whatever it answers.
alter table app.razorpay_ending add column telling_at timestamptz;
